#!/bin/sh
# base.sh prepare|finish|settle: what happens inside the base system before and
# after the packages are installed. Runs as root in the new root file system, both in
# the build without a container engine and in the Containerfile.
set -eu

prepare() {
	# The ids are Spilo's, so volumes and manifests fit both images.
	# Written by hand since useradd is not there yet.
	echo 'postgres:x:103:' >>/etc/group
	echo 'postgres:x:101:103:PostgreSQL:/home/postgres:/bin/bash' >>/etc/passwd

	# pgbouncer and pgbackrest depend on Debian's cluster manager, which is 50 MB
	# of Perl and of no use under Patroni. A package without files stands for it.
	mkdir -p /tmp/stand-in/DEBIAN
	cat >/tmp/stand-in/DEBIAN/control <<-CONTROL
		Package: postgres-operator-no-postgresql-common
		Version: 1
		Architecture: all
		Maintainer: smoketurner <noreply@smoketurner.com>
		Provides: postgresql-common (= 999), postgresql-client-common (= 999)
		Description: stands for postgresql-common, whose work Patroni does here
	CONTROL
	dpkg-deb --build --root-owner-group /tmp/stand-in /tmp/stand-in.deb >/dev/null
	dpkg --install /tmp/stand-in.deb >/dev/null
	rm -rf /tmp/stand-in /tmp/stand-in.deb
}

finish() {
	# Settings of Debian's services would only surprise: the operator brings its own.
	rm -rf /etc/pgbackrest.conf /etc/pgbouncer /etc/default/pgbouncer /etc/default/prometheus-postgres-exporter \
		/etc/cron.* /etc/logrotate.d /etc/init.d/* /etc/rc?.d/*

	# Documentation, translations, character set modules (PostgreSQL has its own
	# conversions), package lists and everything else that nobody reads in a container.
	find /usr/share/doc -type f ! -name copyright -delete
	find /usr/share/doc -type l -delete
	find /usr/share/doc -depth -type d -empty -delete
	rm -rf /usr/share/man /usr/share/info /usr/share/locale /usr/share/lintian /usr/share/bash-completion \
		/usr/share/zsh /usr/share/bug /usr/share/gdb /usr/share/pixmaps /usr/share/applications \
		/usr/lib/*/gconv /usr/lib/systemd \
		/var/lib/apt/lists/* /var/lib/systemd /var/cache/* /var/log/* /var/lib/dpkg/*-old /etc/*- \
		/etc/systemd
	find /etc/apt -type f ! -name '*mmdebstrap' -delete
	rm -rf /usr/lib/python3*/test /usr/lib/python3*/ensurepip /usr/lib/python3*/idlelib /usr/lib/python3*/lib2to3 \
		/usr/lib/python3*/tkinter /usr/lib/python3*/turtledemo /usr/lib/python3*/pydoc_data

	# Names that people expect, in a folder that every PATH has.
	ln -sf prometheus-postgres-exporter /usr/bin/postgres_exporter
	[ -e /usr/bin/pgbouncer ] || ln -s ../sbin/pgbouncer /usr/bin/pgbouncer

	compile /usr/lib/python3*
}

# The last step, after the installer has emptied /run and /tmp.
settle() {
	# Left by the installer: its own folders and facts of the machine it ran on.
	rm -rf /etc/apt /var/lib/apt /var/cache/* /etc/machine-id
	# A container engine has mounted these two, so they are not in its image.
	rm -f /etc/resolv.conf /etc/hostname 2>/dev/null || true

	# What the operator mounts exists, so a read-only root needs nothing made at start.
	# /var/run is a link to /run in Debian, so both names of the socket folder are one.
	install -d -o 101 -g 103 -m 0755 /home/postgres
	install -d -o 101 -g 103 -m 0700 /home/postgres/pgdata
	install -d -o 101 -g 103 -m 2775 /run/postgresql
	install -d -m 1777 /tmp /var/tmp /var/lib/tmp
	install -d /etc/patroni /etc/backup /etc/restore /etc/podinfo /tls /opt/postgres-operator/bin
}

# Byte code that is never checked against its source: layers carry one date for
# all files, and a check that fails would compile everything at every start.
compile() {
	find "$@" -name __pycache__ -prune -exec rm -rf {} +
	python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash "$@"
}

case ${1:-} in
prepare | finish | settle) "$1" ;;
compile)
	shift
	compile "$@"
	;;
*)
	echo "usage: base.sh prepare | finish | settle | compile DIR..." >&2
	exit 2
	;;
esac
