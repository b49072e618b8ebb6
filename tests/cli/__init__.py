"""The command line: most of it in this process, terminals, pipes and signals in their own."""
