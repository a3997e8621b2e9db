"""The benchmarks: `make bench` measures each on this machine and prints it beside its target."""
