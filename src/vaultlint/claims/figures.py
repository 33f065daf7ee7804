"""The precision of `uncited-claim`, for its page; written by `python -m benchmarks.claims --evaluate`."""

FIGURES = """\
On 3,620 sentences of 69 channels of a wiki about videos, 670 of which need a citation:

| from confidence | precision | recall |
|---|---|---|
| high | 0.92 (0.86-0.98) | 0.20 (0.14-0.25) |
| medium | 0.77 (0.72-0.83) | 0.49 (0.42-0.54) |
| low | 0.52 (0.48-0.57) | 0.77 (0.73-0.81) |"""
