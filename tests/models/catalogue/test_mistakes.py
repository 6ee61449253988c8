"""Every kind of mistake in a campaign folder, drawn as a table: the edit, the place named, words of the sentence."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from models.catalogue import load_campaign_files
from targets.errors import CampaignFilesError
from tests.models.catalogue.readers import assert_said_to_every_reader

CAMPAIGNS = Path(__file__).parents[3] / "data" / "campaigns"

# Three lines each: what is wrong; `old → new` in the file named above (⏎ a line's end, ∅ nothing);
# `key | words` or, in a CSV file, `how the row begins @ column | words`.
IN_CAMPAIGN = """
## campaign.toml

a key is missing
end = 2024-06-29⏎ → ∅
end | is missing; it must be a date such as

the indicator that pages begin with does not exist
main_indicator = "online" → main_indicator = "onlne"
main_indicator | Did you mean “online”?

a key is misspelt
small_volume = 100 → small_volume = 100⏎smal_volume = 9
figures.smal_volume | Did you mean “small_volume”?

a number is in quotes
small_volume = 100 → small_volume = "100"
figures.small_volume | without quotes

a number is true
small_volume = 100 → small_volume = true
figures.small_volume | not true

a whole number has decimals
small_volume = 100 → small_volume = 99.5
figures.small_volume | whole number

a whole number is out of range
window_days = 28 → window_days = 0
figures.volume_window_days | allowed: 1 to 366

a number is no number
points = 2 → points = nan
figures.disagreement_points | allowed: 0 to 100

a number is infinite
points = 2 → points = inf
figures.disagreement_points | allowed: 0 to 100

a number is too long to read
small_volume = 100 → small_volume = {nines}
whole file | holds a number too long to read

a flag is in quotes
confirmed = false → confirmed = "no"
score_bands.confirmed | true or false

a date is in quotes
start = 2024-03-22⏎end → start = "2024-03-22"⏎end
start | without quotes, such as 2024-03-22

a date carries a time
date = 2024-03-19 → date = 2024-03-19T08:00:00
document_date | must be a date

a date is far off
end = 2024-06-29 → end = 2924-06-29
end | between 2000 and 2100

a name lacks its Vietnamese
vi = "Duy trì", en → en
phases.maintain.name.vi | is missing

a name is a text
{ vi = "Duy trì", en = "Maintain" } → "Duy trì"
phases.maintain.name | must be a table with keys of its own, not “Duy trì”

a document begins a formula
document = "629/KH-UBND" → document = "=1+1"
document | begin with a letter or a digit

a unit's own document begins a formula
document = "696/KH-SGTVT" → document = "-696/KH-SGTVT"
unit_phases[1].document | begin with a letter or a digit

a text is a number
document = "629/KH-UBND" → document = 629
document | must be a text in quotes, not 629

a text is a table
document = "629/KH-UBND" → document = { number = "629" }
document | not a table

a level is a list
[levels.province] → [[levels.province]]
levels.province | must be a table with keys of its own, not a list

a text is empty
"629/KH-UBND" → " "
document | is an empty text

a text holds a line break
"629/KH-UBND" → "629\\nKH"
document | line break

the key has blanks
key = "gia-lai-2024" → key = "Gia Lai"
key | small letters without accents

the end is before the start
end = 2024-06-29 → end = 2024-03-20
end | before the start on 2024-03-22

the document is younger than the end
date = 2024-03-19 → date = 2025-03-19
document_date | after the campaign's end

the years are reversed
baseline_year = 2023 → baseline_year = 2025
baseline_year | after the target year 2024

the country is unknown
holidays = "VN" → holidays = "Viet Nam"
holidays | Vietnam is “VN”

the province is no unit
province = "H21" → province = "H2"
province | names the unit “H2”, which does not exist. Known ones stand in units.csv

a phase has an odd key
[phases.maintain]⏎ → [phases.maintain]⏎start = 2024-06-30⏎name = { vi = "a", en = "b" }⏎[phases."Duy trì"]⏎
phases.Duy trì | small letters without accents

phases overlap
start = 2024-05-11 → start = 2024-05-10
phases.100-day.start | runs to 2024-05-10

a phase is due before it starts
due = 2024-06-29 → due = 2024-05-01
phases.100-day.due | before the phase's start

a phase starts before the campaign
start = 2024-03-22⏎due → start = 2024-03-21⏎due
phases.50-day.start | before the campaign's start

a phase runs past the campaign
due = 2024-06-29 → due = 2024-06-30
phases.100-day.due | ends by 2024-06-29
phases.maintain.start | runs to 2024-06-30

a phase in the middle is open-ended
due = 2024-06-29⏎ → ∅
phases.100-day.due | is missing, but a phase that begins within the campaign
phases.100-day.due | only the last phase may be open-ended

a level's scope is unknown
en = "II. Districts" }⏎default_scope = "below" → en = "II. Districts" }⏎default_scope = "all"
levels.district.default_scope | Allowed: “own”, “below”

likelihoods do not fall
at_risk = 0.5 → at_risk = 0.9
standing.probability | must fall

a likelihood is a percent
likely = 0.8 → likely = 80
standing.probability.likely | allowed: 0 to 1

gaps do not rise
high_risk = 15 → high_risk = 4
standing.gap | must rise

score bands do not fall
floor = 70 → floor = 95
score_bands.bands[3].floor | bands fall from the highest

a unit with dates of its own is unknown
unit = "SGTVT" → unit = "SGTV"
unit_phases[1].unit | Did you mean “SGTVT”?

somebody signs in a capacity that there is not
signs_as = "KT" → signs_as = "TUQ"
signers[2].signs_as | “TM”

a signer has no title
title = "Phó Chủ tịch"⏎ → ⏎
signers[2].title | is missing

a signer has a strange key
title = "Chánh Văn phòng" → title = "Chánh Văn phòng"⏎phone = "1"
signers[3].phone | is not a key

recipients are no list
[[signers]]⏎signs_as = "TM" → recipients = "Tỉnh ủy"⏎[[signers]]⏎signs_as = "TM"
recipients | must be

a unit has two entries of its own dates
# --- Limits of → [[unit_phases]]⏎unit = "SGTVT"⏎document = "1"⏎phases.maintain = { start = 2024-07-01 }⏎#
unit_phases[2].unit | put all its phases into one

a unit's own dates are no list
[[unit_phases]] → [unit_phases]
unit_phases | must be written as [[unit_phases]] tables

own dates are for no phase
phases.maintain = { → phases.maintian = {
unit_phases[1].phases.maintian | Did you mean “maintain”?

own dates hold a strange key
phases.maintain = { start → phases.maintain = { after = 1, start
unit_phases[1].phases.maintain.after | is not a key of this table

own phases overlap
start = 2024-05-02 → start = 2024-05-01
unit_phases[1].phases.100-day.start | runs to 2024-05-01

own dates reach into the campaign's next phase
phases.maintain = { start = 2024-07-01 }⏎ → ∅
unit_phases[1].phases.100-day.due | dates of its own for maintain too

own dates are reversed
due = 2024-06-30 → due = 2024-05-01
unit_phases[1].phases.100-day.due | before its start

own dates are open-ended
, due = 2024-06-30 → ∅
unit_phases[1].phases.100-day.due | may do without

own dates begin too early
start = 2024-03-22, due → start = 2024-03-02, due
unit_phases[1].phases.50-day.start | before the campaign's start

a quote is left open
document = "629/KH-UBND" → document = "629/KH-UBND
line 11 | is not valid TOML
"""

IN_INDICATORS_AND_SOURCES = """
## indicators/online.toml

the direction is neither way
order = 3 → order = 3⏎direction = "left"
direction | is “left”. Allowed: “up”, “down”

a floor stands where higher is better
order = 3 → order = 3⏎floor = 2
floor | goes with direction = “down”

a share of a phase is nothing
share = 0.5 → share = { "50-day" = 0 }
rule.share.50-day | allowed: above 0 and up to 1

shares are of no phase
share = 0.5 → share = {}
rule.share | is empty

the key is not the file's name
key = "online" → key = "on-line"
key | the file is called online.toml

an alias stands twice
"DVCTT", → "DVCTT", "DVCTT",
aliases | names “DVCTT” twice

aliases hold a number
"DVCTT", → 7,
aliases | must be a list of texts

a source is unknown
"igate" → "igat"
sources | Did you mean “igate”?

no source is named
["portal-2024", "igate", "file", "demonstration", "demonstration-late"] → []
sources | is empty

the ceiling is above 100
order = 3 → order = 3⏎ceiling = 110
ceiling | allowed: above 0 and up to 100

the shortfall is unknown
shortfall = "diluted" → shortfall = "dilute"
shortfall | Did you mean “diluted”?

the basis is unknown
order = 3 → order = 3⏎basis = "week"
basis | “month”

arriving is a word
order = 3 → order = 3⏎arriving = "yes"
arriving | true or false

the share is nothing
share = 0.5 → share = 0
rule.share | allowed: above 0 and up to 1

the share is a percent
share = 0.5 → share = 50
rule.share | allowed: above 0 and up to 1

the uplift is of no kind
uplift_kind = "points" → uplift_kind = "percent"
rule.uplift_kind | Allowed: “points”, “relative”

a knot is no table
[rule]⏎ → knots = [7]⏎[rule]⏎
knots | table

a knot stands at the due date
[rule]⏎ → knots = [{ phase = "50-day", time = 100, way = 100 }]⏎[rule]⏎
knots[1].time | is 100, the due date itself

knots do not follow each other
[rule]⏎ → knots = [{ phase = "50-day", time = 40, way = 20 }, { phase = "50-day", time = 40, way = 30 }]⏎[rule]⏎
knots[2].time | not after the knot before it at 40

less is owed at a later knot
[rule]⏎ → knots = [{ phase = "50-day", time = 40, way = 20 }, { phase = "50-day", time = 60, way = 10 }]⏎[rule]⏎
knots[2].way | less than 20 at the knot before it

a knot has a key too many
[rule]⏎ → knots = [{ phase = "50-day", time = 40, way = 20, day = 2024-04-15 }]⏎[rule]⏎
knots[1].day | is not a key of this table

## indicators/payment.toml

two indicators share an order
order = 4 → order = 3
order | which online has already

an alias means another indicator
aliases = ["Thanh toán trực tuyến"] → aliases = ["dvctt"]
aliases | holds “dvctt”, which means the indicator online already

## indicators/publicity.toml

a fixed rule has an uplift
value = 100 → value = 100⏎uplift = 5
rule.uplift | is not a key of this table

a fixed target passes the ceiling
value = 100 → value = 100.5
rule.value | allowed: 0 to 100

the rule is unknown
kind = "fixed"⏎value → kind = "fix"⏎value
rule.kind | Did you mean “fixed”?

## sources.toml

a source's kind is no name
figures" }⏎kind = "simulated" → figures" }⏎kind = "Made up!"
demonstration.kind | small letters, digits and underscores

a schedule is no cron line
schedule = "*/10 * * * *" → schedule = "every day"
demonstration.schedule | “every day”; it has five fields

a secret is written out
figures" }⏎kind = "simulated" → figures" }⏎kind = "simulated"⏎secret = "token-1234"
demonstration.secret | never the secret

a source tells an indicator that does not exist
figures" }⏎kind = "simulated" → figures" }⏎kind = "simulated"⏎indicators = ["onlne"]
demonstration.indicators | Did you mean “online”?

files are sent by a unit that does not exist
figures" }⏎kind = "simulated" → figures" }⏎kind = "simulated"⏎contact = "nobody"
demonstration.contact | names the unit “nobody”

a source knows a unit that does not exist
figures" }⏎kind = "simulated" → figures" }⏎kind = "simulated"⏎units = { "000.00.00.H99" = "nowhere" }
demonstration.units.000.00.00.H99 | names the unit “nowhere”

a source is switched by a word
figures" }⏎kind = "simulated" → figures" }⏎kind = "simulated"⏎enabled = "yes"
demonstration.enabled | true or false

a source has an empty basis
basis = "year" → basis = ""
article-002.basis | “year”
"""

IN_UNITS = """
## units.csv

a phone is none
Giao thông và Vận tải,,,Giám đốc,, → Giao thông và Vận tải,,,Giám đốc,,abc
SGTVT,department @ head_phone | such as 0905 111 222

a phone begins a formula
Giao thông và Vận tải,,,Giám đốc,, → Giao thông và Vận tải,,,Giám đốc,,=84905
SGTVT,department @ head_phone | digits, blanks and + . - ( ) only

one of two phones is none
Giao thông và Vận tải,,,Giám đốc,, → Giao thông và Vận tải,,,Giám đốc,,0905 111 222; -1
SGTVT,department @ head_phone | a semicolon between several

a head's name begins a formula
Giao thông và Vận tải,,,Giám đốc, → Giao thông và Vận tải,,,Giám đốc,@SUM(A1)
SGTVT,department @ head_name | is “@SUM(A1)”; begin with a letter or a digit

a head's title begins a formula
Giao thông và Vận tải,,,Giám đốc → Giao thông và Vận tải,,,+Giám đốc
SGTVT,department @ head_title | is a formula to Excel

a code stands twice
23884,commune → 23878,commune
23878,commune,UBND xã Ia Nan @ code | is “23878”, which is UBND xã Ia Kriêng's already (line

a GSO code stands twice
H21.57,,23884, → H21.57,,628,
23884, @ gso_code | is “628”, which is UBND huyện Ia Grai's already

a code is missing
23887,commune → ,commune
,commune, @ code | is empty

a code holds a blank
23884,commune → Ia Nan,commune
Ia Nan, @ code | letters without accents, digits and dots only

a level is unknown
23884,commune → 23884,comune
23884, @ level | Did you mean “commune”?

a level is missing
23884,commune → 23884,
23884, @ level | must name a level

a name is missing
23884,commune,UBND xã Ia Nan → 23884,commune,
23884, @ name | is empty

a parent is unknown
UBND xã Ia Nan,H21.57 → UBND xã Ia Nan,H21.77
23884, @ parent | names the unit “H21.77”, which does not exist. Known ones stand in the column code

a parent is missing
UBND huyện Ia Grai,H21, → UBND huyện Ia Grai,,
H21.58, @ parent | only the province (H21, as campaign.toml says) has no parent

the province has a parent
UBND tỉnh Gia Lai,, → UBND tỉnh Gia Lai,SCT,
H21, @ parent | leads back to the unit itself (H21 → SCT → H21)
H21, @ parent | H21 is the province, which has no parent

a unit is its own parent
UBND xã Ia Nan,H21.57 → UBND xã Ia Nan,23884
23884, @ parent | leads back to the unit itself (23884 → 23884)

a parent is of the same level
UBND xã Ia Nan,H21.57 → UBND xã Ia Nan,23881
23884, @ parent | is of a level above it (province, department, district, commune, from the top)

two siblings share a name
UBND xã Ia Nan → ubnd xã  ia pnôn
23884, @ name | is 23881 under the same parent already

an alias is a sibling's name
UBND xã Ia Nan,H21.57, → UBND xã Ia Nan,H21.57,Nan;UBND xã Ia Pnôn
23884, @ aliases | holds “UBND xã Ia Pnôn”, which is 23881

aliases leave a gap
UBND xã Ia Nan,H21.57, → UBND xã Ia Nan,H21.57,Nan;;Ia Nan
23884, @ aliases | an empty name between semicolons

the validity is reversed
,2024-10-31,23590 → 2025-01-01,2024-10-31,23590
23593, @ valid_to | before valid_from

a successor is unknown
2024-10-31,23590 → 2024-10-31,23591
23593, @ successor | which does not exist

a successor comes without a last day
2024-10-31,23590 → ,23590
23593, @ valid_to | give the unit's last day

a unit succeeds itself
2024-10-31,23590 → 2024-10-31,23593
23593, @ successor | is the unit itself

a successor ends as early
2024-10-31,23590 → 2024-10-31,23671
23593, @ successor | no later than the unit

a date is written the other way round
2024-10-31,23590 → 31/10/2024,23590
23593, @ valid_to | such as 2024-10-31 (year-month-day)

a day does not exist
2024-10-31,23590 → 2024-09-31,23590
23593, @ valid_to | such as 2024-10-31

a date is far off
2024-10-31,23590 → 2924-10-31,23590
23593, @ valid_to | between 2000 and 2100

a column is misspelt
level,name,parent,aliases → level,name,parent,alias
code, @ | names the column “alias”, which is not one. Did you mean “aliases”?
code, @ | lacks the column “aliases”

a tile has no column
SCT,department,Sở Công Thương,H21,,,,Giám đốc,,,,,,, → SCT,department,Sở Công Thương,H21,,,,Giám đốc,,,,,,1,
SCT,department @ tile_column | is empty; tile_row alone is no place

a tile has no row
SCT,department,Sở Công Thương,H21,,,,Giám đốc,,,,,,, → SCT,department,Sở Công Thương,H21,,,,Giám đốc,,,,,,,1
SCT,department @ tile_row | is empty; tile_column alone is no place

a tile stands outside
H21.62,Chủ tịch UBND huyện,,,,,,5,5 → H21.62,Chủ tịch UBND huyện,,,,,,0,5
H21.62, @ tile_row | is 0; allowed: 1 to 100

a tile is no number
H21.62,Chủ tịch UBND huyện,,,,,,5,5 → H21.62,Chủ tịch UBND huyện,,,,,,5,B
H21.62, @ tile_column | it must be a whole number

two units of a level stand on one place
H21.62,Chủ tịch UBND huyện,,,,,,5,5 → H21.62,Chủ tịch UBND huyện,,,,,,2,1
H21.62, @ tile_row | gives the place of UBND huyện Ia Grai, of the same level (line

a column of tiles is misspelt
tile_row,tile_column → tile_row,tile_colum
code, @ | names the column “tile_colum”, which is not one. Did you mean “tile_column”?
code, @ | lacks the column “tile_column”

a column stands twice
tile_column⏎H21, → tile_column,name⏎H21,
code, @ | names the column “name” twice
"""

IN_FIGURES = """
## baselines.csv

a unit is unknown
SGTVT,online → SGTV,online
SGTV, @ unit | Did you mean “SGTVT”?

a unit is missing
SGTVT,online → ,online
,online @ unit | must name a unit

an indicator is unknown
SGTVT,online → SGTVT,onlin
SGTVT,onlin, @ indicator | Did you mean “online”?

a year is a date
SGTVT,online,2023 → SGTVT,online,2023-12-31
SGTVT,online @ year | must be a year

a year is after the baseline year
SGTVT,online,2023 → SGTVT,online,2024
SGTVT,online @ year | after the campaign's baseline year 2023

a value has a comma
40.3 → "40,3"
SGTVT,online @ value | Write it with a dot: 40.3

a value has a percent sign
40.3 → 40.3%
SGTVT,online @ value | without a percent sign

a value is above the ceiling
40.3 → 140.3
SGTVT,online @ value | allowed: 0 to 100

a value is negative
40.3 → -1
SGTVT,online @ value | allowed: 0 to 100

a baseline says nothing
40.3 → ∅
SGTVT,online @ value | a percent, or numerator and denominator

a count stands alone
40.3, → 40.3,403
SGTVT,online @ denominator | counts come in pairs

a count has a dot
40.3,, → 40.3,403,1.000
SGTVT,online @ denominator | without dots or commas

counts are reversed
40.3,, → 40.3,1000,403
SGTVT,online @ numerator | more than the denominator

nothing was counted
40.3,, → ,0,0
SGTVT,online @ denominator | Leave the row out

a qualifier is unknown
40.3,,, → 40.3,,,gần
SGTVT,online @ qualifier | “about”, “over”, “under”, “more”, “less”

a baseline repeats another
SGTVT,online → SGTVT,publicity
SGTVT,publicity,2023,40.3 @ | repeats line

a baseline has no source
40.3,,,,Báo Gia Lai 2024 → 40.3,,,,
SGTVT,online @ source | is empty

a row is too short
40.3,,,, → 40.3,,,
SGTVT,online @ | has 8 columns, the header has 9

a row is too long
40.3,,,, → 40,3,,,,
SGTVT,online @ | has 10 columns, the header has 9. A text that holds a comma goes in double quotes

a cell holds a line break
40.3,,,,Báo → 40.3,,,,"a⏎b",⏎SGTVT,digitisation,2023,1,,,,Báo
SGTVT,online @ source | line break

## central.csv

a level is unknown
online,2024,, → online,2024,town,
online,2024 @ level | “commune”

a central target has no value
,50,Báo → ,,Báo
online,2024 @ value | is empty; it must be a number

a central target has no document
50,Báo Gia Lai 2024 (suy ra; chưa có văn bản giao) → 50,
online,2024 @ document | is empty

a central document begins a formula
50,Báo Gia Lai 2024 (suy ra; chưa có văn bản giao) → 50,=766
online,2024 @ document | is “=766”; begin with a letter or a digit

## registrations.csv

a registration's document begins a formula
77.37,696/KH-SGTVT → 77.37,@696
SGTVT,payment,100-day @ document | begin with a letter or a digit

a phase is unknown
SGTVT,payment,100-day → SGTVT,payment,100day
SGTVT,payment,100day @ phase | Did you mean “100-day”?

a phase is missing
SGTVT,payment,100-day → SGTVT,payment,
SGTVT,payment,, @ phase | must name a phase

a registration repeats another
SGTVT,payment,100-day → SGTVT,online,100-day
SGTVT,online,100-day,77.37 @ | repeats line

## scores.csv

a source is unknown
trong tỉnh,article-002 → trong tỉnh,article-02
H21.58 @ source | which does not exist. Allowed:

a score passes its maximum
55.51,100 → 155.51,100
H21.58 @ points | more than max_points, 100

a rank passes the number ranked
,9,17, → ,19,17,
H21.58 @ rank | only 17 were ranked

a rank is 0
,9,17, → ,0,17,
H21.58 @ rank | the first rank is 1

a rank is among nobody
,9,17,cấp huyện trong tỉnh → ,9,17,
H21.58 @ rank_group | say among whom

a score says nothing
55.51,100,9,17 → ,100,,17
H21.58 @ points | a score has points, a rank or both

a score differs between rank groups
53.13,100,4,5 → 53.31,100,4,5
H21,,2023,53.31 @ points | says 53.13 for the same score

a score stands twice
4,5,Tây Nguyên,article-002, → 61,63,cả nước,article-002,again
H21,,2023,53.13,100,61,63,cả nước,article-002,again @ | repeats line

## readings.csv of vinh-phuc-2021

a unit is unknown
VP.X,one-stop → VP.Y,one-stop
VP.Y @ unit | names the unit “VP.Y”, which does not exist

a source is unknown
2021-06-30,,99.49,,,,,article-000 → 2021-06-30,,99.49,,,,,article-00
TTPVHCC @ source | which does not exist

a day is missing
on-time,2021-06-30 → on-time,
TTPVHCC @ as_of | is empty; it must be a date such as

a scope is no scope
2021-07-31,below → 2021-07-31,all
VT @ scope | may be empty or one of

a figure says nothing
2021-06-30,,99.49 → 2021-06-30,,
TTPVHCC @ value | a figure has a percent, counts, or both

a denominator stands alone
VP.X,one-stop,2021-09-30,,,,136,136 → VP.X,one-stop,2021-09-30,,,,,136
VP.X @ numerator | a denominator says nothing without its numerator

more are right than there are
136,136 → 137,136
VP.X @ numerator | more than the denominator, 136

a percent passes the ceiling
99.49 → 199.49
TTPVHCC @ value | allowed: 0 to 100

a note would be a formula
2021-06-30,,99.49,,,,,article-000, → 2021-06-30,,99.49,,,,,article-000,=1+1
TTPVHCC @ note | formula

a range has one end
2021-06-30,,99.49,,,, → 2021-06-30,,99.49,,,,range
TTPVHCC @ value_high | go together

a high end stands without the word
2021-06-30,,99.49,, → 2021-06-30,,90,99.49,
TTPVHCC @ value_high | go together

a range falls
2021-06-30,,99.49,,,, → 2021-06-30,,99.49,90,,,range
TTPVHCC @ value_high | not above the low end

a figure stands twice
LT,on-time,2021-09-30 → LT,resolved,2021-09-30
LT,resolved,2021-09-30,,90 @ | repeats line

## tasks.csv of thai-nguyen-2018

a unit is unknown
TN.H,Kiểm tra công tác cải cách hành chính tại UBND cấp huyện 1/4 → TN.Y,Kiểm tra 1/4
TN.Y @ unit | which does not exist

a day is written the other way round
2/4 (bài viết không nêu tên),Đoàn kiểm tra của UBND tỉnh,2018-12-31 → 2/4,Đoàn kiểm tra,31/12/2018
TN.H,Kiểm tra công tác cải cách hành chính tại UBND cấp huyện 2/4, @ due | such as 2024-10-31

nobody is to do it
Nhiệm vụ 7 của kế hoạch (bài viết không nêu tên),"Các đơn vị, địa phương được giao" → Nhiệm vụ 7,
TN,Nhiệm vụ 7 @ who | is empty

a task stands twice
,4072/QĐ-UBND,23, → ,4072/QĐ-UBND,22,
TN,Nhiệm vụ 23 @ | repeats line
"""


class Mistake(NamedTuple):
    """One row of a table above."""

    campaign: str
    file: str
    what: str
    old: str
    new: str
    says: tuple[tuple[str, str], ...]
    """Place and words, once for each sentence."""


def drawn(table: str) -> list[Mistake]:
    """`## file` of Gia Lai's folder, or `## file of campaign`, heads what follows."""
    mistakes, file, campaign = [], "", ""
    for block in table.strip().split("\n\n"):
        if block.startswith("## "):
            file, _, campaign = block.removeprefix("## ").partition(" of ")
            continue
        what, edit, *says = block.splitlines()
        old, new = edit.replace("⏎", "\n").replace("{nines}", "9" * 5000).split(" → ")
        pairs = tuple((place, words) for place, words in (line.split(" | ") for line in says))
        mistakes.append(Mistake(campaign or "gia-lai-2024", file, what, old, "" if new == "∅" else new, pairs))
    return mistakes


def place_in(text: str, place: str) -> str:
    """`beginning @ column` as the line where a row begins so, and the column; a TOML key as it is."""
    if " @" not in place:
        return place
    beginning, column = place.split(" @")
    line = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))
    return f"line {line}" + (f", column {column.strip()}" if column else "")


MISTAKES = [*drawn(IN_CAMPAIGN), *drawn(IN_INDICATORS_AND_SOURCES), *drawn(IN_UNITS), *drawn(IN_FIGURES)]


@pytest.mark.daily(45)
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.file}: {mistake.what}")
def test_loader_names_file_place_and_way_out_when(mistake: Mistake, tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(CAMPAIGNS / mistake.campaign, folder)
    before = (folder / mistake.file).read_text(encoding="utf-8")
    assert before.count(mistake.old) == 1, f"the edit's text stands {before.count(mistake.old)} times in the file"
    after = before.replace(mistake.old, mistake.new)
    (folder / mistake.file).write_text(after, encoding="utf-8", newline="")

    with pytest.raises(CampaignFilesError) as caught:
        load_campaign_files(folder)

    problems = caught.value.problems
    assert [(problem.file, problem.where) for problem in problems] == [
        (mistake.file, place_in(after, place)) for place, _ in mistake.says
    ], str(caught.value)
    for problem, (_, words) in zip(problems, mistake.says, strict=True):
        assert words in problem.problem
    for problem in problems:
        assert_said_to_every_reader(problem)
