{#- A share as people read it in a sentence: 0.125 is 12.50% in English and 12,50 % in German. -#}
{% macro percent_text(share, lang='en') -%}
  {%- set text = 'cast(cast(' ~ share ~ ' * 100 as decimal(18, 2)) as ' ~ dbt.type_string() ~ ')' -%}
  {%- if lang == 'de' -%}
    replace({{ text }}, '.', ',') || ' %'
  {%- else -%}
    {{ text }} || '%'
  {%- endif -%}
{%- endmacro %}
