"""The precision of `uncited-claim`, for its page; written by `python -m benchmarks.claims --evaluate`."""

FIGURES = """\
On 3,620 sentences of 69 channels of a wiki about videos, 670 of which need a citation:

| from confidence | precision | recall |
|---|---|---|
| high | 0.90 (0.84-0.98) | 0.15 (0.11-0.18) |
| medium | 0.77 (0.71-0.83) | 0.40 (0.35-0.44) |
| low | 0.53 (0.47-0.58) | 0.74 (0.70-0.78) |"""
