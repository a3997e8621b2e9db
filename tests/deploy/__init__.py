"""What is deployed beside our own code, run for real."""
