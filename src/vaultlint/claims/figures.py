"""The precision of `uncited-claim`, for its page; written by `python -m benchmarks.claims --evaluate`."""

FIGURES = """\
On 3,620 sentences of 69 channels of a wiki about videos, 670 of which need a citation:

| from confidence | precision | recall |
|---|---|---|
| high | 0.89 (0.83-0.97) | 0.13 (0.10-0.16) |
| medium | 0.76 (0.71-0.82) | 0.38 (0.34-0.41) |
| low | 0.52 (0.46-0.57) | 0.72 (0.68-0.75) |"""
