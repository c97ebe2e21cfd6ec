// How users and teams look to apps, written once as SQL: what the API answers and what neon_auth.users_sync holds cannot differ.
#pragma once

// For a row `t` of stack_auth.team: the server's view.
#define ARGON_LEGACY_TEAM                                                                                       \
    "jsonb_build_object('id', t.id, 'display_name', t.display_name, 'profile_image_url', t.profile_image_url, " \
    "'client_metadata', t.client_metadata, 'client_read_only_metadata', t.client_read_only_metadata, "          \
    "'server_metadata', t.server_metadata, 'created_at_millis', (extract(epoch FROM t.created_at) * 1000)::bigint)"

// For a row `u` of stack_auth."user": the server's view (stack-auth.md, 2.1). Nobody is restricted or scored here.
#define ARGON_LEGACY_USER                                                                                                                     \
    "(SELECT jsonb_build_object('id', u.id, 'display_name', u.display_name, 'profile_image_url', u.profile_image_url, "                       \
    "'primary_email', c.value, 'primary_email_verified', coalesce(c.is_verified, false), "                                                    \
    "'primary_email_auth_enabled', coalesce(c.used_for_auth, false), "                                                                        \
    "'signed_up_at_millis', (extract(epoch FROM u.signed_up_at) * 1000)::bigint, "                                                            \
    "'last_active_at_millis', (extract(epoch FROM u.last_active_at) * 1000)::bigint, "                                                        \
    "'client_metadata', u.client_metadata, 'client_read_only_metadata', u.client_read_only_metadata, 'server_metadata', u.server_metadata, "  \
    "'has_password', u.password_hash IS NOT NULL, 'otp_auth_enabled', u.otp_auth_enabled, "                                                   \
    "'auth_with_email', u.password_hash IS NOT NULL OR u.otp_auth_enabled, "                                                                  \
    "'passkey_auth_enabled', false, 'requires_totp_mfa', false, "                                                                             \
    "'oauth_providers', coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.provider_id, 'account_id', o.account_id, 'email', o.email) "    \
    "ORDER BY o.created_at, o.id) FROM stack_auth.oauth_account o WHERE o.user_id = u.id), '[]'), "                                           \
    "'selected_team_id', u.selected_team_id, "                                                                                                \
    "'selected_team', (SELECT " ARGON_LEGACY_TEAM                                                                                             \
    " FROM stack_auth.team t WHERE t.id = u.selected_team_id), "                                                                              \
    "'is_anonymous', u.is_anonymous, 'is_restricted', false, 'restricted_reason', NULL) || "                                                  \
    "'{\"restricted_by_admin\":false,\"restricted_by_admin_reason\":null,\"restricted_by_admin_private_details\":null,\"country_code\":null," \
    "\"risk_scores\":{\"sign_up\":{\"bot\":0,\"free_trial_abuse\":0}}}'::jsonb "                                                              \
    "FROM (SELECT) one LEFT JOIN stack_auth.contact_channel c ON c.user_id = u.id AND c.is_primary)"
