"""`python -m mlops_ladder` is the `ladder` command."""

from mlops_ladder.cli import main

if __name__ == "__main__":
    main()
