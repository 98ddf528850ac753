"""Where a sentence of law stands and how sure that is: what nobody has read is never certain."""

from flows.policy.loader import sources
from flows.policy.types import Confidence, Model


class Cited(Model):
    """Something with its source; `source` is an id of sources.yaml."""

    source: str
    article: str = ""
    confidence: Confidence

    @property
    def cited(self) -> str:
        """The source in words."""
        written = f"{sources()[self.source].title}{self.article}"
        if self.confidence is Confidence.DESIGN:
            return "本服务的规定" if self.source == "OWN" else f"本服务的规定，依据{written}"
        if self.confidence is Confidence.SECONDARY:
            return f"{written}（只见过转述，请核实）"
        return written if self.confidence.firm else f"{written}（没有查到原文，请当地核实）"
