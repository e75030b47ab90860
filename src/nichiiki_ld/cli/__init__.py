"""The command line: `nichiiki-ld`.

Exit codes are a contract: 0 done, 1 an answer of no (something does not conform, or is
undecided), 2 bad input or a fault that the message explains.
"""
