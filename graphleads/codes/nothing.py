"""Texts that stand where a value should, and say nothing.

The patterns mean the same to Python and to RE2.
"""

from __future__ import annotations

NO_VALUE = (
    r"(?i:[-–—_.,;:*/\\?#~·]+|#?n\.?[ /]?[ad]\.?|#?nan|none|null|nil|nothing|not a number|unknown|undefined|\\n|"
    r"not (?:applicable|available|known|given|provided|specified|stated|disclosed|recorded)|unspecified|tb[acd]|"
    r"没有|无|無|暂无|暫無|暂缺|未知|不详|不詳|未填写|未公示|未公开|未披露|不适用|空|なし|該当なし|"
    r"nao (?:ha|informado|consta|possui)|não (?:há|informado|consta|possui)|sem (?:informação|informacao|dados)|"
    r"k\. ?a\.|keine angabe|sin (?:datos|informaci[oó]n)|no (?:disponible|aplica)|néant|aucune?|non renseigné)"
)
"""Words and marks that forms, spreadsheets and programs write for no value."""
