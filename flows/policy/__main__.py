"""`python -m flows.policy`: learn from the sample questions now, so that no start has to."""

from flows.policy.answers import index

if __name__ == "__main__":
    index()
