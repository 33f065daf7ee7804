"""The sentences with citations of videos."""

from bisect import bisect_left

from vaultlint.note import CitedSentence, fact
from vaultlint.reading.prose import Prose, sentences


class CitedSentences(Prose):
    """The sentences with timestamps in them, or after their full stop."""

    @fact
    def cited_sentences(self) -> tuple[CitedSentence, ...]:
        """See `Facts`."""
        starts = [timestamp.span.start for timestamp in self.timestamps]
        citing = [citation.span.start for citation in self.citations] if starts else []
        found = []
        for block in self.blocks if starts else ():
            if bisect_left(starts, block.span.start) == bisect_left(starts, block.span.end):
                continue
            first, last = bisect_left(citing, block.span.start), bisect_left(citing, block.span.end)
            for sentence in sentences(self.text, block, self.citations[first:last]):
                inside = range(bisect_left(starts, sentence.span.start), bisect_left(starts, sentence.span.end))
                if inside:
                    found.append(CitedSentence(sentence.span, sentence.text, tuple(inside)))
        return tuple(found)
