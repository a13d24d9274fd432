{#- Which account an id means (docs/decisions/0015). Belongs here: looking ids up in
    int_accounts__matched, and domains that tell nothing. Does not belong here: which accounts are one
    (int_accounts__matched), which of them stand for a partner (int_partner_accounts__matched). -#}

{#- The domain that a website says its owner by; null for addresses at providers and networks, which
    many share. -#}
{% macro own_domain(website) -%}
  case
    when {{ web_domain(website) }} not in (
      {%- for domain in [
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com',
        'yahoo.com', 'yahoo.de', 'yahoo.fr', 'yahoo.co.uk', 'icloud.com', 'me.com', 'aol.com',
        'proton.me', 'protonmail.com', 'gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'web.de',
        't-online.de', 'freenet.de', 'mailbox.org', 'posteo.de', 'bluewin.ch', 'orange.fr',
        'libero.it', 'wp.pl', 'facebook.com', 'linkedin.com', 'instagram.com', 'xing.com',
        'sites.google.com', 'github.com', 'example.com'
      ] %}'{{ domain }}'{% if not loop.last %}, {% endif %}{% endfor -%}
    ) then {{ web_domain(website) }}
  end
{%- endmacro %}

{#- Each id that a relation names, once, with the account that it means: source, entity, named_id,
    account_id (itself where nothing is known of it) and method (declared, reviewed, domain, none).
    source and entity are SQL expressions: reviewed rows speak of the ids of one export. -#}
{% macro accounts_of(relation, id, source, entity) -%}
  select
    named.source,
    named.entity,
    named.named_id,
    coalesce(
      by_id.account_id, by_review.account_id, by_domain.account_id, named.named_id
    ) as account_id,
    coalesce(by_id.method, by_review.method, by_domain.method, 'none') as method
  from (
    select distinct
      {{ source }} as source,
      {{ entity }} as entity,
      {{ id }} as named_id
    from {{ relation }}
    where {{ id }} is not null
  ) as named
  left join {{ ref('int_accounts__matched') }} as by_id
    on by_id.named_by = 'id' and named.named_id = by_id.named_id
  left join {{ ref('int_accounts__matched') }} as by_review
    on
      by_review.named_by = 'review'
      and named.source = by_review.source
      and named.entity = by_review.entity
      and named.named_id = by_review.named_id
  left join {{ ref('int_accounts__matched') }} as by_domain
    on by_domain.named_by = 'domain' and {{ web_domain('named.named_id') }} = by_domain.named_id
{%- endmacro %}
