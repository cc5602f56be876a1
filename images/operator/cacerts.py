#!/usr/bin/env python3
"""cacerts.py BUNDLE.pem OUT: Java's trust store from Debian's certificates.

The JDK that builds the image may trust certificate authorities of its own machine or company;
they do not belong into the image. Written by hand since keytool takes one JVM per certificate
and stamps today's date into each.
"""

import base64
import hashlib
import re
import struct
import sys

PASSWORD = "changeit"  # Java's well-known one: the store holds nothing secret, the sum only detects damage


def text(value):
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def main(bundle, out):
    with open(bundle, encoding="ascii") as pem:
        blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", pem.read(), re.DOTALL)
    store = struct.pack(">III", 0xFEEDFEED, 2, len(blocks))
    for block in blocks:
        der = base64.b64decode(block)
        store += struct.pack(">I", 2) + text(hashlib.sha256(der).hexdigest()) + struct.pack(">Q", 0)
        store += text("X.509") + struct.pack(">I", len(der)) + der
    store += hashlib.sha1(PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + store).digest()
    with open(out, "wb") as file:
        file.write(store)


if __name__ == "__main__":
    main(*sys.argv[1:])
