"""The style of the HTML page: calm, for a desk, a phone and paper.

Belongs here: CSS made of the theme. Does not belong here: markup.
"""

from __future__ import annotations

from typing import Final

from partner_kpis import theme
from partner_kpis.reports.render.blocks import TONES

_TONES: Final = "".join(f"li.{tone}{{border-color:{colour}}}" for tone, colour in TONES.items())

STYLE: Final = f"""
:root{{color-scheme:light}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:1040px;padding:24px 24px 48px;background:{theme.GROUND};
color:{theme.INK};font:15px/1.5 {theme.FONT_STACK}}}
header{{border-top:4px solid {theme.ACCENT};padding-top:12px}}
.kind{{margin:0;font-weight:700;color:{theme.ACCENT}}}
.subtitle,.note,small,footer,dt,.label{{color:{theme.INK_SOFT}}}
.subtitle{{margin:0 0 8px}}
h1{{font-size:30px;line-height:1.2;margin:16px 0}}
h2{{font-size:21px;line-height:1.3;margin:0 0 16px}}
h3{{font-size:15px;margin:20px 0 6px}}
h1,h2,h3,td,th,dd,li,p{{overflow-wrap:anywhere}}
section{{padding:28px 0 8px;border-top:1px solid {theme.LINE}}}
section:first-of-type{{border-top:0;padding-top:8px}}
nav li{{break-inside:avoid}}
nav ol{{columns:2;column-gap:32px;padding-left:22px;font-size:14px}}
a{{color:{theme.ACCENT}}}
.tiles{{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;
margin-bottom:16px}}
.tile{{border:1px solid {theme.LINE};padding:12px;font-size:13px}}
.tile p{{margin:2px 0}}
.tile .value{{font-size:24px;font-weight:700;white-space:nowrap}}
.tile .value small{{font-size:13px;font-weight:400}}
.lists{{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:8px 28px}}
ul{{list-style:none;padding:0;margin:0}}
li[data-place]{{border-left:3px solid;padding-left:12px;margin-bottom:12px}}
li small{{display:block;font-size:12px}}
{_TONES}
dl{{display:grid;grid-template-columns:fit-content(42%) minmax(0,1fr);margin:0 0 16px}}
dt,dd{{margin:0;padding:6px 16px 6px 0;border-bottom:1px solid {theme.LINE}}}
.wide{{overflow:auto;max-height:75vh}}
table{{border-collapse:collapse;min-width:min(100%,480px);font-size:14px}}
tbody th{{min-width:9em}}
td.long{{min-width:22em}}
th,td{{text-align:left;font-weight:400;padding:6px 10px;border-bottom:1px solid {theme.LINE};
vertical-align:top}}
td,th{{overflow-wrap:normal}}
thead th{{position:sticky;top:0;background:{theme.GROUND};color:{theme.INK_SOFT};font-weight:700;
border-bottom-color:{theme.REST};vertical-align:bottom}}
.number{{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}}
thead .number{{white-space:normal}}
.total th,.total td{{font-weight:700;border-top:1px solid {theme.REST}}}
.status{{white-space:nowrap}}
.empty{{background:{theme.SURFACE};color:{theme.INK_SOFT};padding:10px 14px;margin:0 0 12px}}
.note{{font-size:13px;margin:4px 0}}
figure{{margin:0;max-width:640px}}
svg.chart{{width:100%;height:auto;display:block;font-family:{theme.FONT_STACK.replace('"', "'")}}}
svg.small{{width:88px;height:20px;vertical-align:middle}}
details{{margin:4px 0 16px;font-size:14px}}
footer{{border-top:1px solid {theme.LINE};padding-top:12px;margin-top:24px;font-size:12px}}
@media(max-width:600px){{body{{padding:16px 16px 32px}}nav ol{{columns:1}}h1{{font-size:24px}}
h2{{font-size:19px}}}}
@media print{{@page{{size:A4;margin:14mm}}body{{max-width:none;padding:0;font-size:13px}}
nav,details{{display:none}}.wide{{overflow:visible;max-height:none}}thead th{{position:static}}
section{{break-inside:auto}}h2,h3{{break-after:avoid}}tr,.tile,figure,li{{break-inside:avoid}}}}
"""
