"""Parses CFDI: arguments are files; each line of standard input is a number of milliseconds, answered with documents per second."""
import sys
import time

from satcfdi.cfdi import CFDI

documents = [open(name, "rb").read() for name in sys.argv[1:]]
for line in sys.stdin:
    seconds = int(line) / 1000
    began = time.perf_counter()
    count = 0
    while time.perf_counter() - began < seconds:
        CFDI.from_string(documents[count % len(documents)])
        count += 1
    print(count / (time.perf_counter() - began), flush=True)
