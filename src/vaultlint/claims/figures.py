"""The precision of `uncited-claim`, for its page; written by `python -m benchmarks.claims --evaluate`."""

FIGURES = """\
On 3,620 sentences of 69 channels of a wiki about videos, 670 of which need a citation:

| from confidence | precision | recall |
|---|---|---|
| high | 0.92 (0.87-0.98) | 0.20 (0.15-0.23) |
| medium | 0.78 (0.73-0.83) | 0.45 (0.38-0.50) |
| low | 0.52 (0.47-0.57) | 0.75 (0.71-0.79) |"""
