{{ latest_version(ref('stg_hubspot__deal_pipeline_stages'), ['stage_id']) }}
