# Shared by the benchmarks that run on the lab's nodes. Sourced, not run, in the root of the project.

# begin NAME: builds what is needed; the lab that is started goes down when the script ends.
begin() {
	JAVA_HOME=$(scripts/find-jdk)
	export JAVA_HOME E2E_CLUSTER=lab E2E_LAB_INSTANCE=${E2E_LAB_INSTANCE:-bench-$1}
	log=$PWD/target/bench-$1.log
	mkdir -p target
	trap 'LAB_INSTANCE=$E2E_LAB_INSTANCE lab/lab down >>"$log" 2>&1' EXIT
	{ lab/lab build && images/postgres/build && make -s package; } >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		exit 1
	}
}

# bench CLASS OPTION...: the table lines of a benchmark, between the loads of the machine.
bench() {
	echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)" >&2
	mvn -B -ntp test-compile surefire:test@end-to-end -Dtest="$1" "${@:2}" 2>&1 | tee -a "$log" | sed -n 's/^BENCH //p'
	[ "${PIPESTATUS[0]}" = 0 ] || {
		echo "$1 failed: $log" >&2
		exit 1
	}
	echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)" >&2
}
