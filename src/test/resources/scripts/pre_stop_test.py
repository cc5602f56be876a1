"""Tests of the decisions in pre-stop. Arguments: the script, and a rendered 20-secrets.yml."""

import importlib.machinery
import importlib.util
import json
import sys
import unittest

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("pre_stop", sys.argv[1])
pre_stop = importlib.util.module_from_spec(importlib.util.spec_from_loader("pre_stop", loader))
loader.exec_module(pre_stop)
with open(sys.argv[2], encoding="utf-8") as secrets:
    SECRETS = secrets.read()


def pod(name, role, ready=True, location=0, **metadata):
    return {
        "metadata": {
            "name": name,
            "labels": {"spilo-role": role} if role else {},
            "annotations": {"status": json.dumps({"state": "running", "xlog_location": location})},
            **metadata,
        },
        "status": {"conditions": [{"type": "Ready", "status": "True" if ready else "False"}]},
    }


class SuccessorTest(unittest.TestCase):
    def test_the_most_advanced_replica(self):
        pods = [pod("c-0", "master", location=30), pod("c-1", "replica", location=10),
                pod("c-2", "replica", location=20)]
        self.assertEqual("c-2", pre_stop.successor(pods, "c-0"))

    def test_equals_by_name(self):
        pods = [pod("c-2", "replica", location=20), pod("c-1", "replica", location=20), pod("c-0", "master")]
        self.assertEqual("c-1", pre_stop.successor(pods, "c-0"))

    def test_a_replica_hands_nothing_over(self):
        pods = [pod("c-0", "replica"), pod("c-1", "master"), pod("c-2", "replica")]
        self.assertIsNone(pre_stop.successor(pods, "c-0"))

    def test_alone(self):
        self.assertIsNone(pre_stop.successor([pod("c-0", "master")], "c-0"))

    def test_not_to_members_that_are_not_ready_or_stop_too(self):
        pods = [pod("c-0", "master"), pod("c-1", "replica", ready=False),
                pod("c-2", "replica", deletionTimestamp="2026-11-22T23:30:08Z"), pod("c-3", None)]
        self.assertIsNone(pre_stop.successor(pods, "c-0"))

    def test_pods_patroni_has_not_described(self):
        fresh = {"metadata": {"name": "c-1"}, "status": {}}
        odd = pod("c-2", "replica")
        odd["metadata"]["annotations"] = {"status": "oops"}
        self.assertEqual("c-2", pre_stop.successor([pod("c-0", "master"), fresh, odd], "c-0"))


class CredentialsTest(unittest.TestCase):
    def test_of_the_file_the_operator_renders(self):
        self.assertEqual(("patroni", "rest\"Sec\\ret\u0007é3"), pre_stop.rest_credentials(SECRETS))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
