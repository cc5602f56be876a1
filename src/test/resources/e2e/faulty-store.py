"""An object store that fails as it is told: it passes each request on to a real one, but for those that a rule names.

A rule is a line of RULES: "<method> <pattern> <fault>". The pattern is a regular expression over the decoded path and query.
Faults: 403 and 503 are answered instead of the store; "cut" ends the connection, in the middle of the answer or before anything
is stored; "flip" changes a byte of the answer; "hold" waits until the rule is gone, and forgets the request if nobody waits for
the answer any more. Each fault is noted in DONE.
"""

import http.client
import http.server
import os
import re
import select
import ssl
import time
import urllib.parse

UPSTREAM = os.environ["UPSTREAM"]
RULES, DONE = "/tmp/rules", "/tmp/done"
SINGLE_HOP = ("connection", "transfer-encoding", "keep-alive", "expect", "content-length")
ERRORS = {"403": "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>",
          "503": "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"}
trust = ssl.create_default_context(cafile="/tls/ca.crt")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def rule(self):
        try:
            with open(RULES, encoding="utf-8") as file:
                rules = [line.split() for line in file if line.strip()]
        except FileNotFoundError:
            return None
        path = urllib.parse.unquote(self.path)
        for method, pattern, fault in rules:
            if method == self.command and re.search(pattern, path):
                return fault
        return None

    def fault(self):
        fault = self.rule()
        if fault:
            with open(DONE, "a", encoding="utf-8") as file:
                file.write("%s %s %s\n" % (fault, self.command, urllib.parse.unquote(self.path)))
        return fault

    def abandoned(self):
        """A client that waits for its answer sends nothing but its farewell."""
        while self.rule() == "hold":
            time.sleep(0.1)
        return bool(select.select([self.connection], [], [], 0)[0])

    def passed_on(self, body):
        upstream = http.client.HTTPSConnection(UPSTREAM, context=trust, timeout=60)
        # The signature covers the host name that the client knows.
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in SINGLE_HOP or name.lower() == "content-length":
                upstream.putheader(name, value)
        upstream.endheaders(body or None)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        return answer.status, answer.getheaders(), content

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.fault()
        if (fault == "cut" and self.command == "PUT") or (fault == "hold" and self.abandoned()):
            self.close_connection = True
            return
        if fault in ERRORS:
            status, headers, content = int(fault), [("Content-Type", "application/xml")], ERRORS[fault].encode()
        else:
            status, headers, content = self.passed_on(body)
        if fault == "flip" and content:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1:]
        self.send_response_only(status)
        length = str(len(content))
        for name, value in headers:
            if name.lower() == "content-length" and self.command == "HEAD":
                length = value
            elif name.lower() not in SINGLE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:len(content) // 2] if fault == "cut" else content)
        if fault == "cut":
            self.close_connection = True

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("", 8443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/tls/tls.crt", "/tls/tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
