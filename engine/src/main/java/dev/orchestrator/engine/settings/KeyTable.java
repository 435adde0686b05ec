package dev.orchestrator.engine.settings;

/// Every known key, one in a line; what the fields mean stands in the first lines.
///
/// A constant and not a file in a jar, which would have to be opened at every start.
final class KeyTable {
  static final String TEXT =
      """
      # Every known key: key ; kind ; default ; may a project set it ; variable ; meaning
      # Kinds: see Kind.Form; several are parted by a slash. A star stands for any name.
      # Codex's keys keep Codex's names and meaning.

      approval_policy ; one(untrusted,on-failure,on-request,never) ; on-request ; tighten ; ; when somebody is asked
      approval_policy.granular.sandbox_approval ; flag ; ; tighten ; ; ask when more than the sandbox allows is wanted; false refuses
      approval_policy.granular.rules ; flag ; ; tighten ; ; ask when a rule says `prompt`; false refuses
      approval_policy.granular.mcp_elicitations ; flag ; ; tighten ; ; ask for MCP tools; false refuses
      approval_policy.granular.request_permissions ; flag ; ; tighten ; ; read for Codex's sake; part of `sandbox_approval` here
      approval_policy.granular.skill_approval ; flag ; ; tighten ; ; read for Codex's sake
      approvals_reviewer ; one(user,auto_review,guardian_subagent) ; user ; no ; ; who answers questions
      auto_review ; table ; ; no ; ; the automatic reviewer
      sandbox_mode ; one(read-only,workspace-write,danger-full-access) ; ; tighten ; ; how commands of agents are confined; the default goes by trust
      sandbox_workspace_write.writable_roots ; paths ; [] ; tighten ; ; further folders that may be written at `workspace-write`
      sandbox_workspace_write.network_access ; flag ; false ; tighten ; ; whether commands may reach the network at `workspace-write`
      sandbox_workspace_write.exclude_tmpdir_env_var ; flag ; false ; tighten ; ; whether `$TMPDIR` may not be written
      sandbox_workspace_write.exclude_slash_tmp ; flag ; false ; tighten ; ; whether `/tmp` may not be written
      default_permissions ; text ; ; no ; ; name of a permission profile
      permissions ; table ; ; no ; ; permission profiles
      shell_environment_policy.inherit ; one(all,core,none) ; all ; tighten ; ; which variables commands inherit
      shell_environment_policy.ignore_default_excludes ; flag ; true ; tighten ; ; false leaves out names with KEY, SECRET or TOKEN in them
      shell_environment_policy.exclude ; words ; [] ; tighten ; ; patterns of variables to leave out; a project's are added to the user's
      shell_environment_policy.include_only ; words ; [] ; tighten ; ; if not empty, patterns of the only variables to keep
      shell_environment_policy.set ; texts ; ; no ; ; variables to set
      shell_environment_policy.experimental_use_profile ; flag ; false ; no ; ; whether commands run in a login shell's environment
      shell_environment_policy.filters ; table ; ; no ; ; further filters
      allow_login_shell ; flag ; true ; tighten ; ; whether commands may ask for a login shell
      projects.*.trust_level ; one(trusted,untrusted) ; ; no ; ; whether the settings, hooks and instructions of a project count

      model ; text ; ; yes ; ; the model
      review_model ; text ; ; yes ; ; the model for reviews
      model_provider ; name ; openai ; no ; ; which of `model_providers` is asked
      model_providers.*.name ; name ; ; no ; ; its name for people
      model_providers.*.base_url ; text ; ; no ; ; where it is
      model_providers.*.wire_api ; one(responses,chat) ; responses ; no ; ; which protocol it speaks
      model_providers.*.env_key ; name ; ; no ; ; name of the variable that holds its key
      model_providers.*.env_key_instructions ; text ; ; no ; ; how to get one
      model_providers.*.experimental_bearer_token ; text ; ; no ; ; the key itself; a variable is safer
      model_providers.*.auth.command ; name ; ; no ; ; program that prints a key
      model_providers.*.auth.args ; words ; [] ; no ; ; its arguments
      model_providers.*.auth.cwd ; path ; ; no ; ; where it runs
      model_providers.*.auth.timeout_ms ; natural ; 5000 ; no ; ; how long it may take, in milliseconds
      model_providers.*.auth.refresh_interval_ms ; natural ; 300000 ; no ; ; how long a key is used, in milliseconds
      model_providers.*.aws ; table ; ; no ; ; Amazon's way to sign requests
      model_providers.*.query_params ; texts ; ; no ; ; further parameters of each request
      model_providers.*.http_headers ; texts ; ; no ; ; further headers of each request
      model_providers.*.env_http_headers ; texts ; ; no ; ; headers whose values are in these variables
      model_providers.*.request_max_retries ; natural ; 4 ; no ; ; how often a request is tried again, at most 100
      model_providers.*.stream_max_retries ; natural ; 5 ; no ; ; how often a broken stream is tried again, at most 100
      model_providers.*.stream_idle_timeout_ms ; natural ; 300000 ; no ; ; how long a stream may be silent, in milliseconds
      model_providers.*.websocket_connect_timeout_ms ; natural ; 15000 ; no ; ; how long connecting may take, in milliseconds
      model_providers.*.requires_openai_auth ; flag ; false ; no ; ; whether a login is needed
      model_providers.*.supports_websockets ; flag ; false ; no ; ; whether it speaks over websockets
      model_providers.*.supports_standalone_web_search ; flag ; ; no ; ; whether it searches the web by itself
      model_providers.*.model_catalog_url ; text ; ; no ; ; where its list of models is
      model_providers.*.project_id ; text ; ; no ; ; its project
      model_providers.*.gateway_oauth ; table ; ; no ; ; login at a gateway
      model_providers.*.capabilities ; table ; ; no ; ; what it can do
      model_context_window ; number ; ; yes ; ; size of the model's context, in tokens
      model_auto_compact_token_limit ; number ; ; yes ; ; from how many tokens on a conversation is compacted
      model_auto_compact_token_limit_scope ; one(total,body_after_prefix) ; ; yes ; ; what of it is counted
      model_reasoning_effort ; text ; ; yes ; ; how much the model thinks
      plan_mode_reasoning_effort ; text ; ; yes ; ; the same while planning
      model_reasoning_summary ; one(auto,concise,detailed,none) ; ; yes ; ; how thinking is told
      model_verbosity ; one(low,medium,high) ; ; yes ; ; how much the model says
      model_instructions_file ; path ; ; yes ; ; file with the model's instructions
      model_catalog_json ; path ; ; no ; ; file with what is known about models
      experimental_compact_prompt_file ; path ; ; yes ; ; file with the prompt for compacting
      instructions ; text ; ; yes ; ; further instructions
      developer_instructions ; text ; ; yes ; ; further instructions of the developer
      compact_prompt ; text ; ; yes ; ; the prompt for compacting
      service_tier ; text ; ; yes ; ; tier of service
      personality ; one(none,friendly,pragmatic) ; ; yes ; ; how the model talks
      oss_provider ; text ; ; no ; ; which local provider `--oss` asks
      openai_base_url ; text ; ; no ; ; where OpenAI's API is
      chatgpt_base_url ; text ; ; no ; ; where ChatGPT is
      apps_mcp_product_sku ; text ; ; no ; ; for Codex
      forced_login_method ; one(chatgpt,api) ; ; no ; ; the only way to log in
      forced_chatgpt_workspace_id ; text ; ; no ; ; the only ChatGPT workspace
      cli_auth_credentials_store ; one(file,keyring,auto,ephemeral) ; file ; no ; ; where logins are kept

      project_doc_max_bytes ; natural ; 32768 ; yes ; ; most bytes of a project's instructions; 0 for none
      project_doc_fallback_filenames ; words ; [] ; yes ; ; names that are looked for after AGENTS.md
      project_root_markers ; words ; [.git] ; no ; ; what marks the root of a project
      include_apps_instructions ; flag ; true ; yes ; ; tell the model about apps
      include_collaboration_mode_instructions ; flag ; true ; yes ; ; tell the model about modes
      include_environment_context ; flag ; true ; yes ; ; tell the model where it works
      include_permissions_instructions ; flag ; true ; yes ; ; tell the model what it may do

      background_terminal_max_timeout ; natural ; 300000 ; yes ; ; longest wait for a command, in milliseconds
      tool_output_token_limit ; natural ; ; yes ; ; most of a call's output that the model gets, in tokens
      tools.web_search ; flag/table ; ; yes ; ; whether the model may search the web
      tools.update_plan.enabled ; flag ; false ; yes ; ; whether the model keeps a plan
      tools.experimental_request_user_input.enabled ; flag ; ; yes ; ; whether the model may ask the user
      web_search ; one(disabled,cached,indexed,live) ; ; yes ; ; how the model searches the web
      features ; table ; ; yes ; ; features by name, true or false
      mcp_servers.*.command ; name ; ; yes ; ; program of the server
      mcp_servers.*.args ; words ; [] ; yes ; ; its arguments
      mcp_servers.*.env ; texts ; ; yes ; ; variables to set for it
      mcp_servers.*.env_vars ; list ; [] ; yes ; ; names of variables to pass on
      mcp_servers.*.cwd ; path ; ; yes ; ; where it runs
      mcp_servers.*.url ; name ; ; yes ; ; where the server is, over HTTP
      mcp_servers.*.bearer_token_env_var ; name ; ; yes ; ; name of the variable that holds its token
      mcp_servers.*.http_headers ; texts ; ; yes ; ; further headers
      mcp_servers.*.env_http_headers ; texts ; ; yes ; ; headers whose values are in these variables
      mcp_servers.*.oauth ; table ; ; yes ; ; login
      mcp_servers.*.oauth_resource ; text ; ; yes ; ; what the login is for
      mcp_servers.*.auth ; one(oauth,chatgpt,ema_auth) ; ; yes ; ; kind of login
      mcp_servers.*.enabled ; flag ; true ; yes ; ; whether it is started
      mcp_servers.*.required ; flag ; false ; yes ; ; whether a run fails without it
      mcp_servers.*.startup_timeout_sec ; decimal ; ; yes ; ; how long it may take to start, in seconds
      mcp_servers.*.startup_timeout_ms ; natural ; ; yes ; ; the same in milliseconds
      mcp_servers.*.tool_timeout_sec ; decimal ; ; yes ; ; how long a call may take, in seconds
      mcp_servers.*.enabled_tools ; words ; ; yes ; ; the only tools
      mcp_servers.*.disabled_tools ; words ; [] ; yes ; ; tools to leave out
      mcp_servers.*.default_tools_approval_mode ; one(auto,prompt,writes,approve) ; ; no ; ; when its tools are asked about
      mcp_servers.*.tools.*.approval_mode ; one(auto,prompt,writes,approve) ; ; no ; ; when this tool is asked about
      mcp_servers.*.supports_parallel_tool_calls ; flag ; ; yes ; ; whether calls may overlap
      mcp_servers.*.scopes ; words ; ; yes ; ; what a login asks for
      mcp_servers.*.environment_id ; text ; ; yes ; ; for Codex
      mcp_servers.*.name ; text ; ; yes ; ; its name for people
      mcp_oauth_credentials_store ; one(auto,file,keyring) ; auto ; no ; ; where logins of servers are kept
      mcp_oauth_callback_port ; port ; ; no ; ; where a login answers
      mcp_oauth_callback_url ; text ; ; no ; ; where a login answers
      notify ; words ; ; no ; ; program that is told when a turn is over, and its arguments
      hooks ; table ; ; yes ; ; programs that are told about calls
      history.persistence ; one(save-all,none) ; save-all ; yes ; ; whether prompts are kept
      history.max_bytes ; natural ; ; yes ; ; most bytes of them
      otel.environment ; text ; dev ; no ; ; name of the environment
      otel.exporter ; one(none,statsig)/table ; none ; no ; ; where logs go
      otel.trace_exporter ; one(none,statsig)/table ; none ; no ; ; where traces go
      otel.metrics_exporter ; one(none,statsig)/table ; none ; no ; ; where metrics go
      otel.log_user_prompt ; flag ; false ; no ; ; whether prompts are told
      otel.log_agent_responses ; flag ; false ; no ; ; whether answers are told
      otel.tool_result.max_bytes ; natural ; ; no ; ; most bytes of a call's output that are told
      otel.span_attributes ; texts ; ; no ; ; attributes of every span
      otel.tracestate ; table ; ; no ; ; trace state by vendor
      agents ; table ; ; yes ; ; agents that an agent starts
      skills ; table ; ; yes ; ; for Codex
      plugins ; table ; ; yes ; ; for Codex
      marketplaces ; table ; ; yes ; ; for Codex
      apps ; table ; ; yes ; ; for Codex
      memories ; table ; ; yes ; ; for Codex
      goals ; table ; ; yes ; ; for Codex
      desktop ; table ; ; yes ; ; for Codex
      cloud ; table ; ; yes ; ; for Codex
      tool_suggest ; table ; ; yes ; ; for Codex
      realtime ; table ; ; yes ; ; for Codex
      experimental_realtime_ws_base_url ; text ; ; no ; ; for Codex
      audio ; table ; ; yes ; ; for Codex
      windows ; table ; ; yes ; ; for Codex
      notice ; table ; ; yes ; ; for Codex
      ghost_snapshot ; table ; ; yes ; ; for Codex
      tui ; table ; ; yes ; ; the terminal's face, as in Codex
      hide_agent_reasoning ; flag ; false ; yes ; ; whether thinking is not shown
      show_raw_agent_reasoning ; flag ; false ; yes ; ; whether raw thinking is shown
      file_opener ; one(vscode,vscode-insiders,windsurf,cursor,none) ; ; yes ; ; what opens links to files
      analytics.enabled ; flag ; true ; yes ; ; for Codex; nothing is sent by this program
      feedback.enabled ; flag ; true ; yes ; ; for Codex
      check_for_update_on_startup ; flag ; ; yes ; ; for Codex
      disable_paste_burst ; flag ; ; yes ; ; for Codex
      suppress_unstable_features_warning ; flag ; ; yes ; ; for Codex
      experimental_use_unified_exec_tool ; flag ; ; yes ; ; for Codex
      log_dir ; path ; ; no ; ; for Codex
      sqlite_home ; path ; ; no ; ; for Codex

      orchestrator.runs_dir ; path ; ; no ; ORCHESTRATOR_RUNS ; where records of runs are kept; default: `.runs` in the work tree
      orchestrator.sandbox_backend ; one(bubblewrap,landlock,none) ; ; no ; ORCHESTRATOR_SANDBOX_BACKEND ; what holds confined commands; default: the best one that works
      orchestrator.on_approval ; words ; ; no ; ; program that is told when somebody must decide, and its arguments; it may answer
      orchestrator.exec.allow_looser ; flag ; false ; no ; ; whether `orchestrator exec resume` may loosen what its thread had, as with `--allow-looser`
      orchestrator.run.sandbox_mode ; one(read-only,workspace-write,danger-full-access) ; danger-full-access ; tighten ; ; how `orchestrator run` confines its command
      """;

  private KeyTable() {}
}
