"""The precision of `uncited-claim`, for its page; written by `python -m benchmarks.claims --evaluate`."""

FIGURES = """\
On 3,620 uncited sentences of 69 channels of a wiki about videos, 670 of which need a citation:

| from confidence | precision | recall |
|---|---|---|
| high | 0.72 (0.50-0.83) | 0.05 (0.01-0.12) |
| medium | 0.76 (0.70-0.82) | 0.37 (0.32-0.40) |
| low | 0.52 (0.46-0.57) | 0.73 (0.69-0.77) |"""
