-- Rates and days ---------------------------------------------------------------------------------
create table rate as
select Date as day, currency, try_cast(text as decimal(28, 9)) as rate
from (
  unpivot (select cast(Date as date) as Date, * exclude (Date) from read_csv('{landing}/finance/ecb_rate/*.csv', all_varchar = true, null_padding = true))
  on columns(* exclude (Date)) into name currency value text
)
where try_cast(text as decimal(28, 9)) is not null
union all
select date '1999-01-01', 'EUR', 1;

create table setting as
select
  coalesce(cast({as_of} as date), greatest(
    (select max(day) from event), (select max(day) from probe),
    (select max(local_day(created_at)) from opportunity_rows)
  )) as as_of,
  (select cast(date_trunc('month', least(min(local_day(created_at)), (select min(day) from event))) as date)
   from opportunity_rows) as history_start;

create table balance_day as
select distinct least(last_day(m), as_of) as day
from setting, unnest(generate_series(history_start::timestamp, as_of::timestamp, interval 1 month)) as t(m);

create table week_end as
select cast(d as date) as day
from setting, unnest(generate_series(history_start::timestamp, as_of::timestamp, interval 1 day)) as t(d)
where isodow(d) = 7;

create table observation (
  kpi_id varchar, observed_on date, partner_id varchar, entity varchar,
  numerator decimal(28, 9), denominator decimal(28, 9)
);
