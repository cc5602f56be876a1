"""Tests of the decisions in pre-stop. Arguments: the script, and a rendered 20-secrets.yml."""

import importlib.machinery
import importlib.util
import json
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("pre_stop", sys.argv[1])
pre_stop = importlib.util.module_from_spec(importlib.util.spec_from_loader("pre_stop", loader))
loader.exec_module(pre_stop)
with open(sys.argv[2], encoding="utf-8") as secrets:
    SECRETS = secrets.read()


def pod(name, role, ready=True, location=0, node=None, **metadata):
    return {
        "spec": {"nodeName": node} if node else {},
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

    def test_rather_on_another_node(self):
        pods = [pod("c-0", "master", node="a"), pod("c-1", "replica", location=20, node="a"),
                pod("c-2", "replica", location=10, node="b"), pod("c-3", "replica", location=15, node="b")]
        self.assertEqual("c-3", pre_stop.successor(pods, "c-0"))
        self.assertEqual("c-1", pre_stop.successor(pods[:2], "c-0"))

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


class HandOverTest(unittest.TestCase):
    PODS = [pod("c-0", "master"), pod("c-1", "replica"), pod("c-2", "replica")]

    def hand_over(self, *answers, annotations=None):
        self.asked = []
        self.answers = list(answers)

        def switchover(own, candidate, seconds):
            self.asked.append(candidate)
            return self.answers.pop(0)

        objects = {"configmaps/c-patroni-config": {"metadata": {"annotations": annotations}}}
        with mock.patch.dict(pre_stop.os.environ, {"POD_NAME": "c-0"}), \
                mock.patch.object(pre_stop, "kubernetes", lambda path: objects.get(path, {"items": self.PODS})), \
                mock.patch.object(pre_stop, "switchover", switchover), \
                mock.patch.object(pre_stop, "log"), mock.patch.object(pre_stop.time, "sleep"):
            return pre_stop.hand_over()

    def test_to_the_candidate(self):
        self.assertTrue(self.hand_over(None))
        self.assertEqual(["c-1"], self.asked)

    def test_to_any_member_that_patroni_accepts(self):
        self.assertTrue(self.hand_over("412 candidate name does not match with sync_standby", None))
        self.assertEqual(["c-1", None], self.asked)

    def test_again_until_patroni_knows_who_is_synchronous(self):
        unknown = ["412 candidate name does not match with sync_standby",
                   "412 switchover is not possible: can not find sync_standby"]
        self.assertTrue(self.hand_over(*unknown, *unknown, None))
        self.assertEqual(["c-1", None, "c-1", None, "c-1"], self.asked)

    def test_not_again_when_it_says_no(self):
        self.assertFalse(self.hand_over("412 no", "412 switchover is not possible: no good candidates have been found"))

    def test_not_while_the_cluster_is_being_stopped(self):
        self.assertTrue(self.hand_over(annotations={pre_stop.STOPPING: "true"}))
        self.assertEqual([], self.asked)


class CredentialsTest(unittest.TestCase):
    def test_of_the_file_the_operator_renders(self):
        self.assertEqual(("patroni", "rest\"Sec\\ret\u0007é3"), pre_stop.rest_credentials(SECRETS))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
