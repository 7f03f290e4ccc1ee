"""`python -m graphleads.cli`, for where no script is installed."""

from graphleads.cli.app import main

main()
