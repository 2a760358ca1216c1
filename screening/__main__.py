"""`python -m screening`: the same command as `screen`, since many Unix machines have another program of that name."""

from screening.cli import main

if __name__ == "__main__":
    main()
