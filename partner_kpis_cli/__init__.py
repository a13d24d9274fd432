"""The console command: thin, with lazy imports, so that every --help is quick.

Belongs here: arguments, exit codes and printing. Does not belong here: any logic of its own.
"""
