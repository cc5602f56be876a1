package com.smoketurner.postgres.testing.history;

import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Cluster;
import io.fabric8.kubernetes.api.model.Pod;

/** The ways in which a primary is lost here. Used by tests and by the failover benchmark. */
public enum Disruption {
    POD_DELETED {
        @Override
        public void strike(Cluster cluster, Pod primary) {
            cluster.namespace()
                    .kubectl("delete", "pod", nameOf(primary), "--wait=false")
                    .orThrow();
        }
    },
    POD_FORCE_DELETED {
        @Override
        public void strike(Cluster cluster, Pod primary) {
            cluster.namespace()
                    .kubectl("delete", "pod", nameOf(primary), "--grace-period=0", "--force", "--wait=false")
                    .orThrow();
        }

        // Its successor of the same name may start before the lease ends.
        @Override
        public boolean mayKeepLeading() {
            return true;
        }
    },
    CONTAINER_KILLED {
        @Override
        public void strike(Cluster cluster, Pod primary) {
            lab(cluster).signal("KILL", primary, "postgres");
        }

        // The container starts again at once, mostly before its lease ends.
        @Override
        public boolean mayKeepLeading() {
            return true;
        }
    },
    /** PostgreSQL runs on without it, and keeps its connections. */
    PATRONI_HANGS {
        @Override
        public void strike(Cluster cluster, Pod primary) {
            lab(cluster).signal("STOP", primary, "postgres", "patroni");
        }
    },
    NODE_FROZEN {
        @Override
        public void strike(Cluster cluster, Pod primary) {
            lab(cluster).freeze(primary.getSpec().getNodeName());
        }

        @Override
        public void undo(Cluster cluster, Pod primary) {
            lab(cluster).thaw(primary.getSpec().getNodeName());
        }
    };

    /** Makes the primary go away. */
    public abstract void strike(Cluster cluster, Pod primary);

    /** Gives back what is not repaired by itself. */
    public void undo(Cluster cluster, Pod primary) {
        // Kubernetes replaces a pod and a container.
    }

    /** Whether the member that is struck may come back so soon that it stays the leader. */
    public boolean mayKeepLeading() {
        return false;
    }

    private static String nameOf(Pod pod) {
        return pod.getMetadata().getName();
    }

    private static Lab lab(Cluster cluster) {
        return cluster.namespace().lab();
    }
}
