{#- The id of a HubSpot record beside Salesforce's: they never collide. Null stays null. -#}
{% macro hubspot_id(id) -%}'hubspot|' || {{ id }}{%- endmacro %}
