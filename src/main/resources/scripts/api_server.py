"""Requests to the API server with the rights of this pod."""

import json
import os
import ssl
import urllib.request

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def call(method, path, body=None):
    """The answer; the path is below this namespace, and a body is a merge patch."""
    with open(SERVICE_ACCOUNT + "/token", encoding="utf-8") as file:
        token = file.read().strip()
    host = os.environ["KUBERNETES_SERVICE_HOST"]
    if ":" in host:
        host = "[%s]" % host
    url = "https://%s:%s/api/v1/namespaces/%s/%s" % (
        host, os.environ["KUBERNETES_SERVICE_PORT"], os.environ["POD_NAMESPACE"], path)
    request = urllib.request.Request(
        url, data=None if body is None else json.dumps(body).encode(), method=method,
        headers={"Authorization": "Bearer " + token, "Content-Type": "application/merge-patch+json"})
    context = ssl.create_default_context(cafile=SERVICE_ACCOUNT + "/ca.crt")
    with urllib.request.urlopen(request, timeout=10, context=context) as response:
        return json.load(response)
