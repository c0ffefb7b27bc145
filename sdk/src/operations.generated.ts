// Owns: the operations of the product API with their types, made from the contracts by scripts/generate-sdk.ts. Do not edit. Not: sending them.

import type { Call, FileAnswer, PageCall, RequestOptions } from './call.ts';

/** Every code of a problem. */
export type ProblemCode =
  | 'invalid_request'
  | 'unsupported_parameter'
  | 'model_not_enabled'
  | 'unauthenticated'
  | 'invalid_key'
  | 'expired_key'
  | 'revoked_key'
  | 'budget_exceeded'
  | 'insufficient_credits'
  | 'purchase_required'
  | 'payment_failed'
  | 'forbidden'
  | 'plan_required'
  | 'model_locked'
  | 'trial_exhausted'
  | 'ip_not_allowed'
  | 'organization_suspended'
  | 'member_paused'
  | 'feature_inactive'
  | 'not_found'
  | 'model_not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'idempotency_mismatch'
  | 'stale'
  | 'too_large'
  | 'unsupported_media_type'
  | 'organization_quota_exceeded'
  | 'user_limit_exceeded'
  | 'daily_message_limit'
  | 'rate_limited'
  | 'request_cancelled'
  | 'internal_error'
  | 'provider_error'
  | 'overloaded'
  | 'no_healthy_provider'
  | 'ledger_unavailable'
  | 'feature_maintenance'
  | 'provider_timeout';

export type SignUpInput = {
  name: string;
  email: string;
  password: string;
};

export type SignUpOutput = {
  data: {
    email: string;
    verification_required: boolean;
  };
};

export type SignInInput = {
  email: string;
  password: string;
  remember_me?: boolean | undefined;
};

export type SignInOutput = {
  data: {
    two_factor_required: boolean;
    user: {
      id: string;
      name: string;
      email: string;
      email_verified: boolean;
      image: string | null;
      two_factor_enabled: boolean;
    } | null;
  };
};

export type ListSignInProvidersOutput = {
  data: {
    id: string;
    name: string;
  }[];
};

export type SignInSocialInput = {
  provider: string;
  callback_path?: string | undefined;
};

export type SignInSocialOutput = {
  data: {
    url: string;
  };
};

export type GetSessionOutput = {
  data: {
    session: {
      id: string;
      expires_at: string;
    };
    user: {
      id: string;
      name: string;
      email: string;
      email_verified: boolean;
      image: string | null;
      two_factor_enabled: boolean;
    };
  } | null;
};

export type SendVerificationEmailInput = {
  email: string;
};

export type VerifyEmailInput = {
  token: string;
};

export type RequestPasswordResetInput = {
  email: string;
};

export type ResetPasswordInput = {
  token: string;
  new_password: string;
};

export type ChangePasswordInput = {
  current_password: string;
  new_password: string;
};

export type UpdateUserInput = {
  name?: string | undefined;
  image?: string | null | undefined;
};

export type ListSessionsOutput = {
  data: {
    id: string;
    ip_address: string | null;
    user_agent: string | null;
    created_at: string;
    expires_at: string;
    is_current: boolean;
  }[];
};

export type EnableTwoFactorInput = {
  password: string;
};

export type EnableTwoFactorOutput = {
  data: {
    totp_uri: string;
    recovery_codes: string[];
  };
};

export type VerifyTotpInput = {
  code: string;
};

export type VerifyTotpOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    two_factor_enabled: boolean;
  };
};

export type VerifyRecoveryCodeInput = {
  code: string;
};

export type VerifyRecoveryCodeOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    two_factor_enabled: boolean;
  };
};

export type RenewRecoveryCodesInput = {
  password: string;
};

export type RenewRecoveryCodesOutput = {
  data: {
    recovery_codes: string[];
  };
};

export type DisableTwoFactorInput = {
  password: string;
};

export type CreateOrganizationInput = {
  name: string;
  /** Made from the name when left out. */
  slug?: string | undefined;
  /** Slug of a business type. */
  business_type?: string | undefined;
  billing_email?: string | undefined;
};

export type CreateOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    logo: string | null;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    /** Tokens used and held in the running month, read from the counters. */
    token_usage_current: number;
    token_reset_date: string;
    can_create_custom_models: boolean;
    max_custom_models: number;
    default_model_id: string | null;
    billing_email: string | null;
    settings: {
      members_create_keys: boolean;
      admins_read_conversations: boolean;
    };
    deletion_requested_at: string | null;
    /** Until then the deletion can be taken back. */
    delete_after: string | null;
    /** The caller's role in it. */
    role: 'owner' | 'admin' | 'member';
    created_at: string;
    updated_at: string;
  };
};

export type ListOrganizationsOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    logo: string | null;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    /** Tokens used and held in the running month, read from the counters. */
    token_usage_current: number;
    token_reset_date: string;
    can_create_custom_models: boolean;
    max_custom_models: number;
    default_model_id: string | null;
    billing_email: string | null;
    settings: {
      members_create_keys: boolean;
      admins_read_conversations: boolean;
    };
    deletion_requested_at: string | null;
    /** Until then the deletion can be taken back. */
    delete_after: string | null;
    /** The caller's role in it. */
    role: 'owner' | 'admin' | 'member';
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type GetOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    logo: string | null;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    /** Tokens used and held in the running month, read from the counters. */
    token_usage_current: number;
    token_reset_date: string;
    can_create_custom_models: boolean;
    max_custom_models: number;
    default_model_id: string | null;
    billing_email: string | null;
    settings: {
      members_create_keys: boolean;
      admins_read_conversations: boolean;
    };
    deletion_requested_at: string | null;
    /** Until then the deletion can be taken back. */
    delete_after: string | null;
    /** The caller's role in it. */
    role: 'owner' | 'admin' | 'member';
    created_at: string;
    updated_at: string;
  };
};

export type UpdateOrganizationInput = {
  name?: string | undefined;
  /** Unique on the platform. */
  slug?: string | undefined;
  logo?: string | null | undefined;
  /** Slug of a business type. */
  business_type?: string | undefined;
  billing_email?: string | null | undefined;
  default_model_id?: string | null | undefined;
  settings?: {
    members_create_keys?: boolean | undefined;
    admins_read_conversations?: boolean | undefined;
  } | undefined;
};

export type UpdateOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    logo: string | null;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    /** Tokens used and held in the running month, read from the counters. */
    token_usage_current: number;
    token_reset_date: string;
    can_create_custom_models: boolean;
    max_custom_models: number;
    default_model_id: string | null;
    billing_email: string | null;
    settings: {
      members_create_keys: boolean;
      admins_read_conversations: boolean;
    };
    deletion_requested_at: string | null;
    /** Until then the deletion can be taken back. */
    delete_after: string | null;
    /** The caller's role in it. */
    role: 'owner' | 'admin' | 'member';
    created_at: string;
    updated_at: string;
  };
};

export type RestoreOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    logo: string | null;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    /** Tokens used and held in the running month, read from the counters. */
    token_usage_current: number;
    token_reset_date: string;
    can_create_custom_models: boolean;
    max_custom_models: number;
    default_model_id: string | null;
    billing_email: string | null;
    settings: {
      members_create_keys: boolean;
      admins_read_conversations: boolean;
    };
    deletion_requested_at: string | null;
    /** Until then the deletion can be taken back. */
    delete_after: string | null;
    /** The caller's role in it. */
    role: 'owner' | 'admin' | 'member';
    created_at: string;
    updated_at: string;
  };
};

export type GetMeOutput = {
  data: {
    user: {
      id: string;
      name: string;
      email: string;
      email_verified: boolean;
      image: string | null;
      platform_role: 'user' | 'platform_admin' | 'superadmin';
      two_factor_enabled: boolean;
      created_at: string;
    };
    memberships: {
      organization: {
        id: string;
        name: string;
        slug: string;
        logo: string | null;
        pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
        status: 'active' | 'suspended';
        delete_after: string | null;
      };
      role: 'owner' | 'admin' | 'member';
      status: 'active' | 'paused';
      paused_until: string | null;
    }[];
    /** Set while somebody of the platform acts as this person: what the banner says. */
    impersonation: {
      impersonator: {
        id: string;
        name: string;
      };
      reason: string;
      expires_at: string;
    } | null;
    session: {
      id: string;
      expires_at: string;
    } | null;
  };
};

export type GetPermissionsOutput = {
  data: {
    role: 'owner' | 'admin' | 'member';
    /** What the caller may in this organization. */
    permissions: string[];
    /** Permission to the roles that hold it. */
    matrix: Record<string, ('owner' | 'admin' | 'member')[]>;
  };
};

export type ListMembersOutput = {
  data: {
    /** The user's id. */
    id: string;
    name: string;
    email: string;
    image: string | null;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** `active` again once `paused_until` has passed. */
    status: 'active' | 'paused';
    /** Null while paused: until somebody resumes them. */
    paused_until: string | null;
    pause_reason: string | null;
    joined_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type GetMemberOutput = {
  data: {
    /** The user's id. */
    id: string;
    name: string;
    email: string;
    image: string | null;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** `active` again once `paused_until` has passed. */
    status: 'active' | 'paused';
    /** Null while paused: until somebody resumes them. */
    paused_until: string | null;
    pause_reason: string | null;
    joined_at: string;
    updated_at: string;
  };
};

export type UpdateMemberInput = {
  role?: 'owner' | 'admin' | 'member' | undefined;
  department_id?: string | null | undefined;
};

export type UpdateMemberOutput = {
  data: {
    /** The user's id. */
    id: string;
    name: string;
    email: string;
    image: string | null;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** `active` again once `paused_until` has passed. */
    status: 'active' | 'paused';
    /** Null while paused: until somebody resumes them. */
    paused_until: string | null;
    pause_reason: string | null;
    joined_at: string;
    updated_at: string;
  };
};

export type PauseMemberInput = {
  /** Left out: until somebody resumes them. */
  until?: string | null | undefined;
  reason?: string | null | undefined;
};

export type PauseMemberOutput = {
  data: {
    /** The user's id. */
    id: string;
    name: string;
    email: string;
    image: string | null;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** `active` again once `paused_until` has passed. */
    status: 'active' | 'paused';
    /** Null while paused: until somebody resumes them. */
    paused_until: string | null;
    pause_reason: string | null;
    joined_at: string;
    updated_at: string;
  };
};

export type ResumeMemberOutput = {
  data: {
    /** The user's id. */
    id: string;
    name: string;
    email: string;
    image: string | null;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** `active` again once `paused_until` has passed. */
    status: 'active' | 'paused';
    /** Null while paused: until somebody resumes them. */
    paused_until: string | null;
    pause_reason: string | null;
    joined_at: string;
    updated_at: string;
  };
};

export type TransferOwnershipInput = {
  user_id: string;
};

export type TransferOwnershipOutput = {
  data: {
    /** The user's id. */
    id: string;
    name: string;
    email: string;
    image: string | null;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** `active` again once `paused_until` has passed. */
    status: 'active' | 'paused';
    /** Null while paused: until somebody resumes them. */
    paused_until: string | null;
    pause_reason: string | null;
    joined_at: string;
    updated_at: string;
  };
};

export type InviteMembersInput = {
  /** `member` when left out. Owners alone invite owners. */
  role?: 'owner' | 'admin' | 'member' | undefined;
  department_id?: string | null | undefined;
  email?: string | undefined;
  invitations?: {
    email: string;
    /** `member` when left out. Owners alone invite owners. */
    role?: 'owner' | 'admin' | 'member' | undefined;
    department_id?: string | null | undefined;
  }[] | undefined;
};

export type InviteMembersOutput = {
  data: {
    email: string;
    result: 'invited' | 'already_invited' | 'already_member';
    /** Of those invited now or before. */
    invitation: {
      id: string;
      email: string;
      role: 'owner' | 'admin' | 'member';
      department: {
        id: string;
        name: string;
      } | null;
      /** Null when they have left. */
      inviter: {
        id: string;
        name: string;
      } | null;
      status: 'pending' | 'accepted' | 'revoked' | 'expired';
      expires_at: string;
      sent_count: number;
      last_sent_at: string;
      accepted_at: string | null;
      created_at: string;
    } | null;
  }[];
};

export type ListInvitationsOutput = {
  data: {
    id: string;
    email: string;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** Null when they have left. */
    inviter: {
      id: string;
      name: string;
    } | null;
    status: 'pending' | 'accepted' | 'revoked' | 'expired';
    expires_at: string;
    sent_count: number;
    last_sent_at: string;
    accepted_at: string | null;
    created_at: string;
  }[];
  next_cursor: string | null;
};

export type ResendInvitationOutput = {
  data: {
    id: string;
    email: string;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** Null when they have left. */
    inviter: {
      id: string;
      name: string;
    } | null;
    status: 'pending' | 'accepted' | 'revoked' | 'expired';
    expires_at: string;
    sent_count: number;
    last_sent_at: string;
    accepted_at: string | null;
    created_at: string;
  };
};

export type RevokeInvitationOutput = {
  data: {
    id: string;
    email: string;
    role: 'owner' | 'admin' | 'member';
    department: {
      id: string;
      name: string;
    } | null;
    /** Null when they have left. */
    inviter: {
      id: string;
      name: string;
    } | null;
    status: 'pending' | 'accepted' | 'revoked' | 'expired';
    expires_at: string;
    sent_count: number;
    last_sent_at: string;
    accepted_at: string | null;
    created_at: string;
  };
};

export type PreviewInvitationInput = {
  token: string;
};

export type PreviewInvitationOutput = {
  data: {
    organization: {
      name: string;
      logo: string | null;
    };
    role: 'owner' | 'admin' | 'member';
    expires_at: string;
  };
};

export type AcceptInvitationInput = {
  token: string;
};

export type AcceptInvitationOutput = {
  data: {
    organization: {
      id: string;
      name: string;
      slug: string;
    };
    role: 'owner' | 'admin' | 'member';
  };
};

export type ListDepartmentsOutput = {
  data: {
    id: string;
    name: string;
    cost_centre_code: string | null;
    manager: {
      id: string;
      name: string;
    } | null;
    member_count: number;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type CreateDepartmentInput = {
  /** Unique in the organization. */
  name: string;
  cost_centre_code?: string | null | undefined;
  /** A member. */
  manager_user_id?: string | null | undefined;
};

export type CreateDepartmentOutput = {
  data: {
    id: string;
    name: string;
    cost_centre_code: string | null;
    manager: {
      id: string;
      name: string;
    } | null;
    member_count: number;
    created_at: string;
    updated_at: string;
  };
};

export type UpdateDepartmentInput = {
  /** Unique in the organization. */
  name?: string | undefined;
  cost_centre_code?: string | null | undefined;
  /** A member. */
  manager_user_id?: string | null | undefined;
};

export type UpdateDepartmentOutput = {
  data: {
    id: string;
    name: string;
    cost_centre_code: string | null;
    manager: {
      id: string;
      name: string;
    } | null;
    member_count: number;
    created_at: string;
    updated_at: string;
  };
};

export type ListDomainsOutput = {
  data: {
    id: string;
    domain: string;
    method: 'dns_txt' | 'http_file';
    /** Whether people with a verified address on it become members when they sign in. */
    auto_join: boolean;
    verified_at: string | null;
    last_checked_at: string | null;
    proof: {
      /** Where the TXT record goes. */
      dns_name: string;
      /** Where the file goes. */
      file_url: string;
      /** What record or file says. */
      value: string;
    };
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type CreateDomainInput = {
  domain: string;
  method?: 'dns_txt' | 'http_file' | undefined;
};

export type CreateDomainOutput = {
  data: {
    id: string;
    domain: string;
    method: 'dns_txt' | 'http_file';
    /** Whether people with a verified address on it become members when they sign in. */
    auto_join: boolean;
    verified_at: string | null;
    last_checked_at: string | null;
    proof: {
      /** Where the TXT record goes. */
      dns_name: string;
      /** Where the file goes. */
      file_url: string;
      /** What record or file says. */
      value: string;
    };
    created_at: string;
    updated_at: string;
  };
};

export type VerifyDomainOutput = {
  data: {
    id: string;
    domain: string;
    method: 'dns_txt' | 'http_file';
    /** Whether people with a verified address on it become members when they sign in. */
    auto_join: boolean;
    verified_at: string | null;
    last_checked_at: string | null;
    proof: {
      /** Where the TXT record goes. */
      dns_name: string;
      /** Where the file goes. */
      file_url: string;
      /** What record or file says. */
      value: string;
    };
    created_at: string;
    updated_at: string;
  };
};

export type UpdateDomainInput = {
  method?: 'dns_txt' | 'http_file' | undefined;
  auto_join?: boolean | undefined;
};

export type UpdateDomainOutput = {
  data: {
    id: string;
    domain: string;
    method: 'dns_txt' | 'http_file';
    /** Whether people with a verified address on it become members when they sign in. */
    auto_join: boolean;
    verified_at: string | null;
    last_checked_at: string | null;
    proof: {
      /** Where the TXT record goes. */
      dns_name: string;
      /** Where the file goes. */
      file_url: string;
      /** What record or file says. */
      value: string;
    };
    created_at: string;
    updated_at: string;
  };
};

export type GetOnboardingOutput = {
  data: {
    current_step: 'organization' | 'business_type' | 'domain' | 'team' | 'provider_key' | 'plan' | 'budget' | 'notifications' | 'first_key' | 'first_call';
    steps: Record<string, 'pending' | 'done' | 'skipped'>;
    /** The organization that is being set up. */
    organization_id: string | null;
    completed_at: string | null;
  };
};

export type UpdateOnboardingInput = {
  current_step?: 'organization' | 'business_type' | 'domain' | 'team' | 'provider_key' | 'plan' | 'budget' | 'notifications' | 'first_key' | 'first_call' | undefined;
  steps?: Record<string, 'pending' | 'done' | 'skipped'> | undefined;
  organization_id?: string | null | undefined;
};

export type UpdateOnboardingOutput = {
  data: {
    current_step: 'organization' | 'business_type' | 'domain' | 'team' | 'provider_key' | 'plan' | 'budget' | 'notifications' | 'first_key' | 'first_call';
    steps: Record<string, 'pending' | 'done' | 'skipped'>;
    /** The organization that is being set up. */
    organization_id: string | null;
    completed_at: string | null;
  };
};

export type CompleteOnboardingOutput = {
  data: {
    current_step: 'organization' | 'business_type' | 'domain' | 'team' | 'provider_key' | 'plan' | 'budget' | 'notifications' | 'first_key' | 'first_call';
    steps: Record<string, 'pending' | 'done' | 'skipped'>;
    /** The organization that is being set up. */
    organization_id: string | null;
    completed_at: string | null;
  };
};

export type ListApiKeysOutput = {
  data: {
    id: string;
    name: string;
    environment: 'live' | 'test';
    owner: {
      type: 'user' | 'service';
      user_id: string | null;
      name: string | null;
    };
    department_id: string | null;
    prefix: string;
    last_four: string;
    state: 'active' | 'in_grace' | 'expired' | 'revoked';
    /** Null: all. The same for the other lists. */
    allowed_models: string[] | null;
    allowed_templates: string[] | null;
    allowed_features: string[] | null;
    allowed_routes: string[] | null;
    ip_ranges: string[] | null;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    can_act_for_members: boolean;
    /** Of the key and of all it was rotated from together. */
    budget: {
      id: string;
      amount_usd: string;
      period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
      enforcement: 'hard' | 'soft';
    } | null;
    expires_at: string | null;
    /** To within about a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    rotated_from: string | null;
    grace_until: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type CreateApiKeyInput = {
  name: string;
  environment?: 'live' | 'test' | undefined;
  /** Left out: the caller; with a token of the organization, a service. */
  owner?: {
    type: 'user' | 'service';
    user_id?: string | undefined;
  } | undefined;
  allowed_models?: string[] | null | undefined;
  /** Slugs. */
  allowed_templates?: string[] | null | undefined;
  allowed_features?: string[] | null | undefined;
  allowed_routes?: ('chat_completions' | 'responses' | 'embeddings' | 'messages' | 'count_tokens')[] | null | undefined;
  /** Addresses and networks. */
  ip_ranges?: string[] | null | undefined;
  requests_per_minute?: number | null | undefined;
  tokens_per_minute?: number | null | undefined;
  /** Whether `x-weir-user` may name any member. For admins to give. */
  can_act_for_members?: boolean | undefined;
  /** Where a service key's use is booked. */
  department_id?: string | null | undefined;
  expires_at?: string | null | undefined;
  budget?: {
    amount_usd: string | number;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    enforcement?: 'hard' | 'soft' | undefined;
  } | undefined;
};

export type CreateApiKeyOutput = {
  data: {
    id: string;
    name: string;
    environment: 'live' | 'test';
    owner: {
      type: 'user' | 'service';
      user_id: string | null;
      name: string | null;
    };
    department_id: string | null;
    prefix: string;
    last_four: string;
    state: 'active' | 'in_grace' | 'expired' | 'revoked';
    /** Null: all. The same for the other lists. */
    allowed_models: string[] | null;
    allowed_templates: string[] | null;
    allowed_features: string[] | null;
    allowed_routes: string[] | null;
    ip_ranges: string[] | null;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    can_act_for_members: boolean;
    /** Of the key and of all it was rotated from together. */
    budget: {
      id: string;
      amount_usd: string;
      period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
      enforcement: 'hard' | 'soft';
    } | null;
    expires_at: string | null;
    /** To within about a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    rotated_from: string | null;
    grace_until: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    /** The key itself. It is in this answer and nowhere else. */
    secret: string;
  };
};

export type UpdateApiKeyInput = {
  name?: string | undefined;
  allowed_models?: string[] | null | undefined;
  /** Slugs. */
  allowed_templates?: string[] | null | undefined;
  allowed_features?: string[] | null | undefined;
  allowed_routes?: ('chat_completions' | 'responses' | 'embeddings' | 'messages' | 'count_tokens')[] | null | undefined;
  /** Addresses and networks. */
  ip_ranges?: string[] | null | undefined;
  requests_per_minute?: number | null | undefined;
  tokens_per_minute?: number | null | undefined;
  /** Whether `x-weir-user` may name any member. For admins to give. */
  can_act_for_members?: boolean | undefined;
  /** Where a service key's use is booked. */
  department_id?: string | null | undefined;
  expires_at?: string | null | undefined;
};

export type UpdateApiKeyOutput = {
  data: {
    id: string;
    name: string;
    environment: 'live' | 'test';
    owner: {
      type: 'user' | 'service';
      user_id: string | null;
      name: string | null;
    };
    department_id: string | null;
    prefix: string;
    last_four: string;
    state: 'active' | 'in_grace' | 'expired' | 'revoked';
    /** Null: all. The same for the other lists. */
    allowed_models: string[] | null;
    allowed_templates: string[] | null;
    allowed_features: string[] | null;
    allowed_routes: string[] | null;
    ip_ranges: string[] | null;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    can_act_for_members: boolean;
    /** Of the key and of all it was rotated from together. */
    budget: {
      id: string;
      amount_usd: string;
      period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
      enforcement: 'hard' | 'soft';
    } | null;
    expires_at: string | null;
    /** To within about a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    rotated_from: string | null;
    grace_until: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type RotateApiKeyInput = {
  grace_seconds?: number | undefined;
};

export type RotateApiKeyOutput = {
  data: {
    id: string;
    name: string;
    environment: 'live' | 'test';
    owner: {
      type: 'user' | 'service';
      user_id: string | null;
      name: string | null;
    };
    department_id: string | null;
    prefix: string;
    last_four: string;
    state: 'active' | 'in_grace' | 'expired' | 'revoked';
    /** Null: all. The same for the other lists. */
    allowed_models: string[] | null;
    allowed_templates: string[] | null;
    allowed_features: string[] | null;
    allowed_routes: string[] | null;
    ip_ranges: string[] | null;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    can_act_for_members: boolean;
    /** Of the key and of all it was rotated from together. */
    budget: {
      id: string;
      amount_usd: string;
      period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
      enforcement: 'hard' | 'soft';
    } | null;
    expires_at: string | null;
    /** To within about a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    rotated_from: string | null;
    grace_until: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    /** The key itself. It is in this answer and nowhere else. */
    secret: string;
  };
};

export type RevokeApiKeyOutput = {
  data: {
    id: string;
    name: string;
    environment: 'live' | 'test';
    owner: {
      type: 'user' | 'service';
      user_id: string | null;
      name: string | null;
    };
    department_id: string | null;
    prefix: string;
    last_four: string;
    state: 'active' | 'in_grace' | 'expired' | 'revoked';
    /** Null: all. The same for the other lists. */
    allowed_models: string[] | null;
    allowed_templates: string[] | null;
    allowed_features: string[] | null;
    allowed_routes: string[] | null;
    ip_ranges: string[] | null;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    can_act_for_members: boolean;
    /** Of the key and of all it was rotated from together. */
    budget: {
      id: string;
      amount_usd: string;
      period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
      enforcement: 'hard' | 'soft';
    } | null;
    expires_at: string | null;
    /** To within about a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    rotated_from: string | null;
    grace_until: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type ValidateApiKeyOutput = {
  data: {
    accepted: boolean;
    reasons: {
      code: string;
      message: string;
    }[];
    key: {
      id: string;
      name: string;
      environment: 'live' | 'test';
      owner: {
        type: 'user' | 'service';
        user_id: string | null;
        name: string | null;
      };
      department_id: string | null;
      prefix: string;
      last_four: string;
      state: 'active' | 'in_grace' | 'expired' | 'revoked';
      /** Null: all. The same for the other lists. */
      allowed_models: string[] | null;
      allowed_templates: string[] | null;
      allowed_features: string[] | null;
      allowed_routes: string[] | null;
      ip_ranges: string[] | null;
      requests_per_minute: number | null;
      tokens_per_minute: number | null;
      can_act_for_members: boolean;
      /** Of the key and of all it was rotated from together. */
      budget: {
        id: string;
        amount_usd: string;
        period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
        enforcement: 'hard' | 'soft';
      } | null;
      expires_at: string | null;
      /** To within about a minute. */
      last_used_at: string | null;
      revoked_at: string | null;
      rotated_from: string | null;
      grace_until: string | null;
      created_by: string | null;
      created_at: string;
      updated_at: string;
    } | null;
  };
};

export type ValidateApiKeySecretInput = {
  key: string;
};

export type ValidateApiKeySecretOutput = {
  data: {
    accepted: boolean;
    reasons: {
      code: string;
      message: string;
    }[];
    key: {
      id: string;
      name: string;
      environment: 'live' | 'test';
      owner: {
        type: 'user' | 'service';
        user_id: string | null;
        name: string | null;
      };
      department_id: string | null;
      prefix: string;
      last_four: string;
      state: 'active' | 'in_grace' | 'expired' | 'revoked';
      /** Null: all. The same for the other lists. */
      allowed_models: string[] | null;
      allowed_templates: string[] | null;
      allowed_features: string[] | null;
      allowed_routes: string[] | null;
      ip_ranges: string[] | null;
      requests_per_minute: number | null;
      tokens_per_minute: number | null;
      can_act_for_members: boolean;
      /** Of the key and of all it was rotated from together. */
      budget: {
        id: string;
        amount_usd: string;
        period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
        enforcement: 'hard' | 'soft';
      } | null;
      expires_at: string | null;
      /** To within about a minute. */
      last_used_at: string | null;
      revoked_at: string | null;
      rotated_from: string | null;
      grace_until: string | null;
      created_by: string | null;
      created_at: string;
      updated_at: string;
    } | null;
  };
};

export type ListApiTokensOutput = {
  data: {
    id: string;
    kind: 'personal' | 'organization';
    name: string;
    /** Whose personal token it is; null: the organization's. */
    user_id: string | null;
    /** The most it may do, within what its maker may at that moment. */
    role: 'admin' | 'member';
    prefix: string;
    last_four: string;
    state: 'active' | 'expired' | 'revoked';
    expires_at: string | null;
    /** To within a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    created_by: string | null;
    created_at: string;
  }[];
  next_cursor: string | null;
};

export type CreateApiTokenInput = {
  name: string;
  kind?: 'personal' | 'organization' | undefined;
  role?: 'admin' | 'member' | undefined;
  expires_at?: string | null | undefined;
};

export type CreateApiTokenOutput = {
  data: {
    id: string;
    kind: 'personal' | 'organization';
    name: string;
    /** Whose personal token it is; null: the organization's. */
    user_id: string | null;
    /** The most it may do, within what its maker may at that moment. */
    role: 'admin' | 'member';
    prefix: string;
    last_four: string;
    state: 'active' | 'expired' | 'revoked';
    expires_at: string | null;
    /** To within a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    created_by: string | null;
    created_at: string;
    /** The token itself, in this answer alone. */
    secret: string;
  };
};

export type RevokeApiTokenOutput = {
  data: {
    id: string;
    kind: 'personal' | 'organization';
    name: string;
    /** Whose personal token it is; null: the organization's. */
    user_id: string | null;
    /** The most it may do, within what its maker may at that moment. */
    role: 'admin' | 'member';
    prefix: string;
    last_four: string;
    state: 'active' | 'expired' | 'revoked';
    expires_at: string | null;
    /** To within a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
    created_by: string | null;
    created_at: string;
  };
};

export type ListProviderKeysOutput = {
  data: {
    id: string;
    provider: {
      id: string;
      slug: string | null;
      name: string | null;
    };
    label: string;
    last_four: string;
    /** Where the key was entered for; it is sent nowhere else. */
    origin: string;
    /** Whether calls go out with it: active, and the provider is still at that origin. If not, rotate it. */
    is_usable: boolean;
    status: 'active' | 'invalid' | 'revoked';
    last_validated_at: string | null;
    last_validation_error: string | null;
    rotated_at: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type CreateProviderKeyInput = {
  /** Slug of the provider. */
  provider: string;
  label: string;
  /** The key that the provider issued. */
  secret: string;
};

export type CreateProviderKeyOutput = {
  data: {
    id: string;
    provider: {
      id: string;
      slug: string | null;
      name: string | null;
    };
    label: string;
    last_four: string;
    /** Where the key was entered for; it is sent nowhere else. */
    origin: string;
    /** Whether calls go out with it: active, and the provider is still at that origin. If not, rotate it. */
    is_usable: boolean;
    status: 'active' | 'invalid' | 'revoked';
    last_validated_at: string | null;
    last_validation_error: string | null;
    rotated_at: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type RotateProviderKeyInput = {
  /** The key that the provider issued. */
  secret: string;
};

export type RotateProviderKeyOutput = {
  data: {
    id: string;
    provider: {
      id: string;
      slug: string | null;
      name: string | null;
    };
    label: string;
    last_four: string;
    /** Where the key was entered for; it is sent nowhere else. */
    origin: string;
    /** Whether calls go out with it: active, and the provider is still at that origin. If not, rotate it. */
    is_usable: boolean;
    status: 'active' | 'invalid' | 'revoked';
    last_validated_at: string | null;
    last_validation_error: string | null;
    rotated_at: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type RevokeProviderKeyOutput = {
  data: {
    id: string;
    provider: {
      id: string;
      slug: string | null;
      name: string | null;
    };
    label: string;
    last_four: string;
    /** Where the key was entered for; it is sent nowhere else. */
    origin: string;
    /** Whether calls go out with it: active, and the provider is still at that origin. If not, rotate it. */
    is_usable: boolean;
    status: 'active' | 'invalid' | 'revoked';
    last_validated_at: string | null;
    last_validation_error: string | null;
    rotated_at: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type ValidateProviderKeyOutput = {
  data: {
    valid: boolean;
    reason: string | null;
    key: {
      id: string;
      provider: {
        id: string;
        slug: string | null;
        name: string | null;
      };
      label: string;
      last_four: string;
      /** Where the key was entered for; it is sent nowhere else. */
      origin: string;
      /** Whether calls go out with it: active, and the provider is still at that origin. If not, rotate it. */
      is_usable: boolean;
      status: 'active' | 'invalid' | 'revoked';
      last_validated_at: string | null;
      last_validation_error: string | null;
      rotated_at: string | null;
      created_by: string | null;
      created_at: string;
      updated_at: string;
    };
  };
};

export type ListSystemModelsOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  }[];
  next_cursor: string | null;
};

export type GetSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type CreateSystemModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  /** Which organizations it is for. Empty: all. */
  business_types?: string[] | undefined;
  /** The lowest plan that it is for. */
  required_plan?: 'free' | 'starter' | 'pro' | 'enterprise' | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Costs nobody tokens of a quota or limit. */
  is_free?: boolean | undefined;
  is_trial?: boolean | undefined;
  /** Days from a person's first use; only with is_trial. */
  trial_expires_days?: number | null | undefined;
  is_featured?: boolean | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  /** What was changed and why; left out, the fields are named. */
  change_summary?: string | undefined;
  name: string;
};

export type CreateSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type ReplaceSystemModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  /** Which organizations it is for. Empty: all. */
  business_types?: string[] | undefined;
  /** The lowest plan that it is for. */
  required_plan?: 'free' | 'starter' | 'pro' | 'enterprise' | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Costs nobody tokens of a quota or limit. */
  is_free?: boolean | undefined;
  is_trial?: boolean | undefined;
  /** Days from a person's first use; only with is_trial. */
  trial_expires_days?: number | null | undefined;
  is_featured?: boolean | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  /** What was changed and why; left out, the fields are named. */
  change_summary?: string | undefined;
  name?: string | undefined;
};

export type ReplaceSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type UpdateSystemModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  /** Which organizations it is for. Empty: all. */
  business_types?: string[] | undefined;
  /** The lowest plan that it is for. */
  required_plan?: 'free' | 'starter' | 'pro' | 'enterprise' | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Costs nobody tokens of a quota or limit. */
  is_free?: boolean | undefined;
  is_trial?: boolean | undefined;
  /** Days from a person's first use; only with is_trial. */
  trial_expires_days?: number | null | undefined;
  is_featured?: boolean | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  /** What was changed and why; left out, the fields are named. */
  change_summary?: string | undefined;
  name?: string | undefined;
};

export type UpdateSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type DeleteSystemModelOutput = {
  data: {
    id: number;
    slug: string;
    /** That have it switched on. */
    organizations_enabled: number;
    /** Members of those. */
    people_affected: number;
    /** Who used it in the last 30 days. */
    people_with_use: number;
  };
};

export type ActivateSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type DeactivateSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type FeatureSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type UnfeatureSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type PreviewSystemModelOutput = {
  data: {
    organization: {
      id: string;
      name: string;
      slug: string;
      business_type: string | null;
      pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    };
    as: 'admin' | 'member';
    visible: boolean;
    /** Why not: all of them. */
    reasons: {
      code: 'switched_off' | 'not_active' | 'business_type' | 'plan' | 'not_enabled';
      message: string;
    }[];
    limit: {
      tokens: number | null;
      period: 'daily' | 'weekly' | 'monthly';
      source: 'organization' | 'template' | 'none';
    };
    /** As they would read it; null where they would not see it. */
    template: {
      id: number;
      scope: 'system' | 'organization' | 'user';
      name: string;
      slug: string;
      role: string;
      description: string;
      icon: string | null;
      tasks: {
        id: string;
        title: string;
        prompt: string;
        variables: {
          name: string;
          label: string;
          required: boolean;
        }[];
      }[];
      tags: string[];
      sort_order: number;
      /** Null for members. */
      system_message: string | null;
      model_id: string | null;
      endpoint_base_url: string | null;
      endpoint_model: string | null;
      endpoint_key_last_four: string | null;
      max_tokens: number | null;
      temperature: number | null;
      parameters: Record<string, unknown>;
      is_active: boolean;
      created_at: string;
      updated_at: string;
      token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
      token_limit_amount: number | null;
      business_types: string[];
      required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
      is_free: boolean;
      is_trial: boolean;
      trial_expires_days: number | null;
      is_featured: boolean;
      /** In the caller's organization. */
      is_enabled_for_users?: boolean;
      /** The organization's own; null: the template's. For admins. */
      token_limit_per_user?: number | null;
      /** Members whom switching it on or off concerns. For admins. */
      people_affected?: number;
    } | null;
  };
};

export type ListSystemModelOrganizationsOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    business_type: string | null;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_enabled_for_users: boolean;
    token_limit_per_user: number | null;
    people: number;
    /** Tokens in the running window of its limit. */
    used: number;
    period: 'daily' | 'weekly' | 'monthly';
  }[];
  next_cursor: string | null;
};

export type ListSystemModelRevisionsOutput = {
  data: {
    revision: number;
    change_summary: string;
    changed_by: {
      id: string;
      name: string;
    } | null;
    created_at: string;
    /** The revision that the changes are from; null: there is none before it. */
    compared_with: number | null;
    changes: {
      field: string;
      from: unknown;
      to: unknown;
    }[];
  }[];
  next_cursor: string | null;
};

export type RollbackSystemModelInput = {
  revision: number;
  /** What was changed and why; left out, the fields are named. */
  change_summary?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
};

export type RollbackSystemModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** Null for members. */
    system_message: string | null;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
    business_types: string[];
    required_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    is_free: boolean;
    is_trial: boolean;
    trial_expires_days: number | null;
    is_featured: boolean;
    /** In the caller's organization. */
    is_enabled_for_users?: boolean;
    /** The organization's own; null: the template's. For admins. */
    token_limit_per_user?: number | null;
    /** Members whom switching it on or off concerns. For admins. */
    people_affected?: number;
  };
};

export type GetSystemModelUsageOutput = {
  data: {
    template_id: number;
    slug: string;
    period: '7d' | '30d' | 'all';
    /** Null: from the beginning. */
    from: string | null;
    to: string;
    /** Whose use it is: what the caller may see. */
    of: 'own' | 'organization' | 'platform';
    totals: {
      requests: number;
      errors: number;
      denied: number;
      input_tokens: number;
      output_tokens: number;
      tokens: number;
      cost_usd: string;
      active_users: number;
    };
    days: {
      day: string;
      requests: number;
      tokens: number;
      active_users: number;
    }[];
    /** For admins and the platform. */
    top_users?: {
      id: string;
      name: string;
      tokens: number;
    }[];
    /** For the platform. */
    top_organizations?: {
      id: string;
      name: string;
      tokens: number;
    }[];
  };
};

export type EnableSystemModelOutput = {
  data: {
    template_id: number;
    slug: string;
    dry_run: boolean;
    changed: boolean;
    is_enabled_for_users: boolean;
    /** Members who gain or lose it; 0 when nothing changes. Admins may use it in any case. */
    people_affected: number;
    /** Of all, who used it in the last 30 days. */
    people_with_use: number;
    /** Who used it most in the last 30 days. */
    people: {
      id: string;
      name: string;
      tokens: number;
    }[];
  };
};

export type DisableSystemModelOutput = {
  data: {
    template_id: number;
    slug: string;
    dry_run: boolean;
    changed: boolean;
    is_enabled_for_users: boolean;
    /** Members who gain or lose it; 0 when nothing changes. Admins may use it in any case. */
    people_affected: number;
    /** Of all, who used it in the last 30 days. */
    people_with_use: number;
    /** Who used it most in the last 30 days. */
    people: {
      id: string;
      name: string;
      tokens: number;
    }[];
  };
};

export type SetSystemModelLimitInput = {
  /** At most the organization's monthly quota. */
  token_limit_per_user: number | null;
};

export type SetSystemModelLimitOutput = {
  data: {
    template_id: number;
    slug: string;
    dry_run: boolean;
    changed: boolean;
    token_limit_per_user: number | null;
    impact: {
      period: 'daily' | 'weekly' | 'monthly';
      window_start: string;
      resets_at: string;
      /** In force before; null: none. */
      current_limit: number | null;
      /** In force after: the template's where none is set. */
      proposed_limit: number | null;
      /** Who has used as much as the proposed limit or more, and is blocked until the window ends. */
      people_above: number;
      /** Who of them used most. */
      people: {
        id: string;
        name: string;
        tokens: number;
      }[];
      /** Whether the keys of no person, which count together, have. */
      service_keys_above: boolean;
    };
  };
};

export type ListOrganizationModelsOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  }[];
  next_cursor: string | null;
  /** Lower of plan and organization. */
  allowance: {
    /** Templates of the organization and all its people. */
    used: number;
    maximum: number;
    can_create: boolean;
  };
};

export type CreateOrganizationModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  name: string;
};

export type CreateOrganizationModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  };
};

export type GetOrganizationModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  };
};

export type UpdateOrganizationModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  name?: string | undefined;
};

export type UpdateOrganizationModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  };
};

export type ListMyModelsOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  }[];
  next_cursor: string | null;
  /** Lower of plan and organization. */
  allowance: {
    /** Templates of the organization and all its people. */
    used: number;
    maximum: number;
    can_create: boolean;
  };
};

export type CreateMyModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  name: string;
};

export type CreateMyModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  };
};

export type GetMyModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  };
};

export type UpdateMyModelInput = {
  /** Who it is: `Content writer`. */
  role?: string | undefined;
  description?: string | undefined;
  icon?: string | null | undefined;
  system_message?: string | undefined;
  /** In order; ids are unique. */
  tasks?: {
    id: string;
    title: string;
    prompt: string;
    variables?: (string | {
      name: string;
      label?: string | undefined;
      required?: boolean | undefined;
    })[] | undefined;
  }[] | undefined;
  /** A model of the catalog. Left out: the platform's default. */
  model_id?: string | null | undefined;
  /** An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network. */
  endpoint_base_url?: string | null | undefined;
  /** What the endpoint calls the model. */
  endpoint_model?: string | null | undefined;
  /** The most output tokens of a call. */
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  /** Further parameters of a call, which it may override. */
  parameters?: Record<string, unknown> | undefined;
  tags?: string[] | undefined;
  is_active?: boolean | undefined;
  sort_order?: number | undefined;
  token_limit_period?: 'daily' | 'weekly' | 'monthly' | null | undefined;
  /** With its period, or not at all. */
  token_limit_amount?: number | null | undefined;
  /** Calls name the template by it. Left out: made from the name. */
  slug?: string | undefined;
  /** The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away. */
  endpoint_api_key?: string | null | undefined;
  name?: string | undefined;
};

export type UpdateMyModelOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    system_message: string;
    model_id: string | null;
    endpoint_base_url: string | null;
    endpoint_model: string | null;
    endpoint_key_last_four: string | null;
    max_tokens: number | null;
    temperature: number | null;
    parameters: Record<string, unknown>;
    is_active: boolean;
    created_at: string;
    updated_at: string;
    token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
    token_limit_amount: number | null;
  };
};

export type ListTemplatesOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** What a call names as its `model`. */
    call_as: string;
    is_featured: boolean;
    is_free: boolean;
    model: {
      id: string;
      name: string;
      tier: 'free' | 'premium';
    } | null;
    trial: {
      days: number;
      /** At the first use; null: not yet. */
      started_at: string | null;
      ends_at: string | null;
    } | null;
    usage: {
      used: number;
      /** Set aside for calls under way. */
      held: number;
      /** Null: no limit. */
      limit: number | null;
      period: 'daily' | 'weekly' | 'monthly';
      resets_at: string;
      /** Of the limit, rounded down. */
      percent: number | null;
      /** `notice` from 50 %, `warning` from 80, `high` from 90, `exceeded` at 100. */
      warning_level: 'none' | 'notice' | 'warning' | 'high' | 'exceeded';
    };
    is_usable: boolean;
    unusable_reason: 'switched_off' | 'model_unavailable' | 'trial_ended' | 'limit_reached' | null;
  }[];
  next_cursor: string | null;
};

export type GetTemplateOutput = {
  data: {
    id: number;
    scope: 'system' | 'organization' | 'user';
    name: string;
    slug: string;
    role: string;
    description: string;
    icon: string | null;
    tasks: {
      id: string;
      title: string;
      prompt: string;
      variables: {
        name: string;
        label: string;
        required: boolean;
      }[];
    }[];
    tags: string[];
    sort_order: number;
    /** What a call names as its `model`. */
    call_as: string;
    is_featured: boolean;
    is_free: boolean;
    model: {
      id: string;
      name: string;
      tier: 'free' | 'premium';
    } | null;
    trial: {
      days: number;
      /** At the first use; null: not yet. */
      started_at: string | null;
      ends_at: string | null;
    } | null;
    usage: {
      used: number;
      /** Set aside for calls under way. */
      held: number;
      /** Null: no limit. */
      limit: number | null;
      period: 'daily' | 'weekly' | 'monthly';
      resets_at: string;
      /** Of the limit, rounded down. */
      percent: number | null;
      /** `notice` from 50 %, `warning` from 80, `high` from 90, `exceeded` at 100. */
      warning_level: 'none' | 'notice' | 'warning' | 'high' | 'exceeded';
    };
    is_usable: boolean;
    unusable_reason: 'switched_off' | 'model_unavailable' | 'trial_ended' | 'limit_reached' | null;
  };
};

export type ListAuditLogsOutput = {
  data: {
    id: string;
    /** Null: the platform's log. */
    organization_id: string | null;
    /** Place in the chain, from 1 without gaps. */
    sequence: number;
    /** ISO 8601 in UTC, to the microsecond. */
    created_at: string;
    actor: {
      type: 'user' | 'key' | 'system';
      id: string | null;
      name: string | null;
    };
    /** Who of the platform acted as the actor. */
    impersonator: {
      id: string;
      name: string | null;
    } | null;
    action: string;
    target: {
      type: string;
      id: string | null;
    };
    before: unknown;
    after: unknown;
    ip: string | null;
    user_agent: string | null;
    request_id: string | null;
    /** Why the platform acted past the rights of a person. */
    reason: string | null;
    /** SHA-256 in hexadecimal over the hash before it and this row. */
    hash: string;
  }[];
  next_cursor: string | null;
};

export type VerifyAuditLogsOutput = {
  data: {
    /** An organization's id, or `platform`. */
    chain: string;
    /** Nothing wrong in what was checked. */
    valid: boolean;
    /** Checked to the end, or to the first fault. False: go on with `after`. */
    complete: boolean;
    rows_checked: number;
    next_after: number | null;
    /** Keep it elsewhere: a log rewritten as a whole would have another one. */
    head: {
      sequence: number;
      hash: string;
    } | null;
    fault: {
      kind: 'changed' | 'missing' | 'reordered' | 'cut_off' | 'head_changed';
      sequence: number;
      row_id: string | null;
      detail: string;
    } | null;
  };
};

export type ListAllAuditLogsOutput = {
  data: {
    id: string;
    /** Null: the platform's log. */
    organization_id: string | null;
    /** Place in the chain, from 1 without gaps. */
    sequence: number;
    /** ISO 8601 in UTC, to the microsecond. */
    created_at: string;
    actor: {
      type: 'user' | 'key' | 'system';
      id: string | null;
      name: string | null;
    };
    /** Who of the platform acted as the actor. */
    impersonator: {
      id: string;
      name: string | null;
    } | null;
    action: string;
    target: {
      type: string;
      id: string | null;
    };
    before: unknown;
    after: unknown;
    ip: string | null;
    user_agent: string | null;
    request_id: string | null;
    /** Why the platform acted past the rights of a person. */
    reason: string | null;
    /** SHA-256 in hexadecimal over the hash before it and this row. */
    hash: string;
  }[];
  next_cursor: string | null;
};

export type ListActivityOutput = {
  data: {
    id: string;
    /** ISO 8601 in UTC. */
    at: string;
    actor: {
      type: 'user' | 'key' | 'system';
      id: string | null;
      /** Null: of the platform, or no longer a member. */
      name: string | null;
      is_me: boolean;
    };
    /** Somebody of the platform acted as the actor. */
    impersonated: boolean;
    action: string;
    /** The act in words: `Member invite`. */
    summary: string;
    target: {
      type: string;
      id: string | null;
      label: string | null;
    };
  }[];
  next_cursor: string | null;
};

export type ListUsersOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    platform_role: 'user' | 'platform_admin' | 'superadmin';
    two_factor_enabled: boolean;
    /** Now: a ban that has ended is none. */
    banned: boolean;
    ban_reason: string | null;
    /** Null: without end. */
    ban_expires: string | null;
    /** Live sessions of their own. */
    session_count: number;
    organization_count: number;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type GetUserOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    platform_role: 'user' | 'platform_admin' | 'superadmin';
    two_factor_enabled: boolean;
    /** Now: a ban that has ended is none. */
    banned: boolean;
    ban_reason: string | null;
    /** Null: without end. */
    ban_expires: string | null;
    /** Live sessions of their own. */
    session_count: number;
    organization_count: number;
    created_at: string;
    updated_at: string;
    organizations: {
      id: string;
      name: string;
      slug: string;
      role: 'owner' | 'admin' | 'member';
    }[];
  };
};

export type CreateUserInput = {
  name: string;
  email: string;
  platform_role?: 'user' | 'platform_admin' | 'superadmin' | undefined;
};

export type CreateUserOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    platform_role: 'user' | 'platform_admin' | 'superadmin';
    two_factor_enabled: boolean;
    /** Now: a ban that has ended is none. */
    banned: boolean;
    ban_reason: string | null;
    /** Null: without end. */
    ban_expires: string | null;
    /** Live sessions of their own. */
    session_count: number;
    organization_count: number;
    created_at: string;
    updated_at: string;
  };
};

export type UpdateAdminUserInput = {
  name?: string | undefined;
  email?: string | undefined;
  platform_role?: 'user' | 'platform_admin' | 'superadmin' | undefined;
};

export type UpdateAdminUserOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    platform_role: 'user' | 'platform_admin' | 'superadmin';
    two_factor_enabled: boolean;
    /** Now: a ban that has ended is none. */
    banned: boolean;
    ban_reason: string | null;
    /** Null: without end. */
    ban_expires: string | null;
    /** Live sessions of their own. */
    session_count: number;
    organization_count: number;
    created_at: string;
    updated_at: string;
  };
};

export type BanUserInput = {
  reason: string;
  /** Left out: without end. */
  until?: string | undefined;
};

export type BanUserOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    platform_role: 'user' | 'platform_admin' | 'superadmin';
    two_factor_enabled: boolean;
    /** Now: a ban that has ended is none. */
    banned: boolean;
    ban_reason: string | null;
    /** Null: without end. */
    ban_expires: string | null;
    /** Live sessions of their own. */
    session_count: number;
    organization_count: number;
    created_at: string;
    updated_at: string;
  };
};

export type UnbanUserOutput = {
  data: {
    id: string;
    name: string;
    email: string;
    email_verified: boolean;
    image: string | null;
    platform_role: 'user' | 'platform_admin' | 'superadmin';
    two_factor_enabled: boolean;
    /** Now: a ban that has ended is none. */
    banned: boolean;
    ban_reason: string | null;
    /** Null: without end. */
    ban_expires: string | null;
    /** Live sessions of their own. */
    session_count: number;
    organization_count: number;
    created_at: string;
    updated_at: string;
  };
};

export type ListUserSessionsOutput = {
  data: {
    id: string;
    ip_address: string | null;
    user_agent: string | null;
    impersonator_id: string | null;
    impersonation_reason: string | null;
    created_at: string;
    expires_at: string;
  }[];
};

export type ChangeUsersInput = {
  action: 'ban';
  ids: string[];
  reason: string;
  until?: string | undefined;
} | {
  action: 'unban';
  ids: string[];
} | {
  action: 'delete';
  ids: string[];
} | {
  action: 'set_role';
  ids: string[];
  platform_role: 'user' | 'platform_admin' | 'superadmin';
};

export type ChangeUsersOutput = {
  data: {
    id: string;
    ok: boolean;
    error: {
      code: string;
      message: string;
    } | null;
  }[];
};

export type ImpersonateUserInput = {
  /** Kept in the audit log, and shown in the banner. */
  reason: string;
  minutes?: number | undefined;
};

export type ImpersonateUserOutput = {
  data: {
    user: {
      id: string;
      name: string;
      email: string;
    };
    expires_at: string;
  };
};

export type StopImpersonatingOutput = {
  data: {
    /** False: the own session has ended; sign in again. */
    returned: boolean;
  };
};

export type ListAllOrganizationsOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    status_reason: string | null;
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    can_create_custom_models: boolean;
    max_custom_models: number;
    /** What holds: the own quota before the plan's; of custom models the lower most and the stricter flag. */
    effective: {
      /** Null: unlimited. */
      token_quota_monthly: number | null;
      can_create_custom_models: boolean;
      max_custom_models: number;
    };
    token_usage_current: number;
    token_reset_date: string;
    member_count: number;
    billing_email: string | null;
    deletion_requested_at: string | null;
    delete_after: string | null;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type GetAnyOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    status_reason: string | null;
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    can_create_custom_models: boolean;
    max_custom_models: number;
    /** What holds: the own quota before the plan's; of custom models the lower most and the stricter flag. */
    effective: {
      /** Null: unlimited. */
      token_quota_monthly: number | null;
      can_create_custom_models: boolean;
      max_custom_models: number;
    };
    token_usage_current: number;
    token_reset_date: string;
    member_count: number;
    billing_email: string | null;
    deletion_requested_at: string | null;
    delete_after: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type UpdateAnyOrganizationInput = {
  name?: string | undefined;
  business_type?: string | undefined;
  pricing_plan?: 'free' | 'starter' | 'pro' | 'enterprise' | undefined;
  /** Null: the plan's. */
  token_quota_monthly?: number | null | undefined;
  can_create_custom_models?: boolean | undefined;
  max_custom_models?: number | undefined;
};

export type UpdateAnyOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    status_reason: string | null;
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    can_create_custom_models: boolean;
    max_custom_models: number;
    /** What holds: the own quota before the plan's; of custom models the lower most and the stricter flag. */
    effective: {
      /** Null: unlimited. */
      token_quota_monthly: number | null;
      can_create_custom_models: boolean;
      max_custom_models: number;
    };
    token_usage_current: number;
    token_reset_date: string;
    member_count: number;
    billing_email: string | null;
    deletion_requested_at: string | null;
    delete_after: string | null;
    created_at: string;
    updated_at: string;
    credit_lots_granted: number;
  };
};

export type SuspendOrganizationInput = {
  reason: string;
};

export type SuspendOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    status_reason: string | null;
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    can_create_custom_models: boolean;
    max_custom_models: number;
    /** What holds: the own quota before the plan's; of custom models the lower most and the stricter flag. */
    effective: {
      /** Null: unlimited. */
      token_quota_monthly: number | null;
      can_create_custom_models: boolean;
      max_custom_models: number;
    };
    token_usage_current: number;
    token_reset_date: string;
    member_count: number;
    billing_email: string | null;
    deletion_requested_at: string | null;
    delete_after: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type ResumeOrganizationOutput = {
  data: {
    id: string;
    name: string;
    slug: string;
    business_type: string;
    pricing_plan: 'free' | 'starter' | 'pro' | 'enterprise';
    status: 'active' | 'suspended';
    status_reason: string | null;
    /** Null: the plan's. */
    token_quota_monthly: number | null;
    can_create_custom_models: boolean;
    max_custom_models: number;
    /** What holds: the own quota before the plan's; of custom models the lower most and the stricter flag. */
    effective: {
      /** Null: unlimited. */
      token_quota_monthly: number | null;
      can_create_custom_models: boolean;
      max_custom_models: number;
    };
    token_usage_current: number;
    token_reset_date: string;
    member_count: number;
    billing_email: string | null;
    deletion_requested_at: string | null;
    delete_after: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type GetSystemUsageOutput = {
  data: {
    from: string;
    to: string;
    group_by: 'day' | 'organization' | 'model' | 'provider' | 'status';
    totals: {
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      denied: number;
      input_tokens: number;
      output_tokens: number;
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      /** What providers ask for it. */
      provider_cost_usd: string;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced: number;
      organizations: number;
      users: number;
    };
    previous: {
      from: string;
      to: string;
      totals: {
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        denied: number;
        input_tokens: number;
        output_tokens: number;
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        /** What providers ask for it. */
        provider_cost_usd: string;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced: number;
        organizations: number;
        users: number;
      };
    };
    /** The key is the day, the id, or the name. */
    rows: {
      key: string;
      label: string;
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      denied: number;
      input_tokens: number;
      output_tokens: number;
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      /** What providers ask for it. */
      provider_cost_usd: string;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced: number;
    }[];
  };
};

export type GetSystemConfigOutput = {
  data: {
    key: 'system_templates_enabled' | 'premium_enabled' | 'purchases_enabled' | 'force_default_model' | 'charging_enabled' | 'gateway_read_only';
    value: boolean;
    default: boolean;
    description: string;
    changed_by: string | null;
    /** Null: never, the default holds. */
    changed_at: string | null;
  }[];
};

export type UpdateSystemConfigInput = {
  system_templates_enabled?: boolean | null | undefined;
  premium_enabled?: boolean | null | undefined;
  purchases_enabled?: boolean | null | undefined;
  force_default_model?: boolean | null | undefined;
  charging_enabled?: boolean | null | undefined;
  gateway_read_only?: boolean | null | undefined;
};

export type UpdateSystemConfigOutput = {
  data: {
    key: 'system_templates_enabled' | 'premium_enabled' | 'purchases_enabled' | 'force_default_model' | 'charging_enabled' | 'gateway_read_only';
    value: boolean;
    default: boolean;
    description: string;
    changed_by: string | null;
    /** Null: never, the default holds. */
    changed_at: string | null;
  }[];
};

export type GetSystemHealthOutput = {
  data: {
    /** The worst of the parts. */
    status: 'ok' | 'degraded' | 'down';
    parts: {
      name: string;
      status: 'ok' | 'degraded' | 'down';
      detail: string;
      /** What to do; null when there is nothing. */
      remedy: string | null;
    }[];
    versions: {
      weir: string;
      node: string;
      postgres: string;
    };
    started_at: string;
    uptime_seconds: number;
  };
};

export type ListMailOutput = {
  data: {
    id: string;
    kind: string;
    to: string;
    subject: string;
    status: 'pending' | 'sent' | 'failed' | 'kept';
    attempts: number;
    last_error: string | null;
    created_at: string;
    sent_at: string | null;
  }[];
  next_cursor: string | null;
};

export type GetMailOutput = {
  data: {
    id: string;
    kind: string;
    to: string;
    subject: string;
    status: 'pending' | 'sent' | 'failed' | 'kept';
    attempts: number;
    last_error: string | null;
    created_at: string;
    sent_at: string | null;
    text: string;
    html: string | null;
  };
};

export type CheckCreditsInput = {
  action: 'check' | 'deduct';
  tokenType: string;
  /** Name of a feature: what the credits are for, and what they are when `amount` is left out. */
  feature?: string | undefined;
  amount?: number | undefined;
  /** One key space for the organization. Goes before the header's. */
  idempotencyKey?: string | undefined;
};

export type CheckCreditsOutput = {
  allowed: boolean;
  /** What could be spent before; null on plans that are unlimited in this type. */
  balance: number | null;
  required: number;
  /** What is left after it, or would be. */
  remaining: number | null;
  unlimited: boolean;
  /** When the plan brings its next credits. */
  refreshDate: string;
  /** Why not; `deduct` answers 402 instead. */
  reason?: 'insufficient_credits';
  /** The entry of a deduction, by which it is refunded. */
  ledgerId?: string;
};

export type GetCreditStatsOutput = {
  plan: {
    slug: string;
    name: string;
    hasCredits: boolean;
  };
  /** Where to upgrade; null where the plan has credits. */
  upgradeUrl: string | null;
  periodStart: string;
  refreshDate: string;
  balances: {
    tokenType: string;
    name: string;
    /** What can be spent; null: unlimited. */
    balance: number | null;
    /** Set aside for calls under way. */
    held: number;
    /** What there was to spend in the period: balance, held and used; null: unlimited. */
    totalAllocated: number | null;
    totalUsed: number;
    /** Of what was allocated, to a tenth; null: unlimited. */
    percentUsed: number | null;
    refreshDate: string;
    /** Less than a fifth is left. */
    low: boolean;
    unlimited: boolean;
  }[];
  byFeature: {
    feature: string | null;
    tokenType: string;
    used: number;
    uses: number;
  }[];
  byUser: {
    userId: string | null;
    name: string | null;
    tokenType: string;
    used: number;
    uses: number;
  }[];
  recent: {
    id: string;
    tokenType: string;
    kind: 'grant' | 'deduct' | 'refund' | 'expire' | 'adjust';
    /** Change of the balance: positive adds, negative takes. */
    amount: number;
    /** False: recorded alone, on an unlimited plan or while charging was switched off. */
    charged: boolean;
    balanceAfter: number | null;
    feature: string | null;
    /** Whose act it was; null for keys and tokens of no person, and for the system. */
    userId: string | null;
    /** Null also for who is gone, or is of the platform. */
    userName: string | null;
    /** The gateway's call that it was for. */
    requestId: string | null;
    refundOf: string | null;
    /** The entry that gave it back. */
    refundedBy: string | null;
    reason: string;
    createdAt: string;
  }[];
};

export type ListCreditLedgerOutput = {
  data: {
    id: string;
    tokenType: string;
    kind: 'grant' | 'deduct' | 'refund' | 'expire' | 'adjust';
    /** Change of the balance: positive adds, negative takes. */
    amount: number;
    /** False: recorded alone, on an unlimited plan or while charging was switched off. */
    charged: boolean;
    balanceAfter: number | null;
    feature: string | null;
    /** Whose act it was; null for keys and tokens of no person, and for the system. */
    userId: string | null;
    /** Null also for who is gone, or is of the platform. */
    userName: string | null;
    /** The gateway's call that it was for. */
    requestId: string | null;
    refundOf: string | null;
    /** The entry that gave it back. */
    refundedBy: string | null;
    reason: string;
    createdAt: string;
  }[];
  next_cursor: string | null;
};

export type RefundCreditsInput = {
  ledgerId: string;
  reason?: string | undefined;
};

export type RefundCreditsOutput = {
  /** The entry of the refund. */
  id: string;
  refundOf: string;
  tokenType: string;
  amount: number;
  /** What can be spent now; null: unlimited. */
  balance: number | null;
};

export type GrantCreditsInput = {
  organizationId: string;
  tokenType: string;
  amount: number;
  /** Null: never. */
  expiresAt?: string | null | undefined;
  notes?: string | undefined;
  /** Yours: an order, a case. */
  reference?: string | undefined;
};

export type GrantCreditsOutput = {
  /** The lot. */
  id: string;
  organizationId: string;
  tokenType: string;
  amount: number;
  expiresAt: string | null;
  reference: string;
  /** What lots of this type hold for spending now, on a plan with credits. */
  balance: number;
};

export type ListModelOffersOutput = {
  data: {
    free: {
      id: string;
      /** Null while it is switched off. */
      provider: {
        slug: string;
        name: string;
      } | null;
      display_name: string;
      description: string;
      /** `embedding` is not for conversations. */
      model_type: 'llm' | 'vision' | 'embedding' | 'custom';
      version: string;
      tier: 'free' | 'premium';
      status: 'available' | 'beta' | 'deprecated' | 'unavailable';
      is_system_default: boolean;
      capabilities: string[];
      context_window: number | null;
      max_output_tokens: number | null;
      /** What it costs to have it; the price of calls is `pricing`. */
      price_cents: number | null;
      /** Null: unlimited. */
      rate_limit_messages_per_day: number | null;
      trial_messages_allowed: number;
      /** Badges: `speed` and `quality`, 1 to 5. */
      metadata: Record<string, unknown>;
      fallback_model_ids: string[];
      sort_order: number;
      retires_at: string | null;
      replacement_model_id: string | null;
      created_at: string;
      updated_at: string;
      pricing: {
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        /** Null: as input. */
        cachedInputUsdPerMillion: string | null;
        /** Null: as input. */
        cacheWriteUsdPerMillion: string | null;
        /** Null: as output. */
        reasoningUsdPerMillion: string | null;
        /** For each call, whatever its size. */
        requestUsd: string;
        effectiveFrom: string;
      } | null;
      priceUsd: string | null;
      /** Where it is bought; null for what is not sold. */
      upgradeUrl: string | null;
      /** Whether there is a right to it now, from whatever source. */
      purchased: boolean;
      /** Of several rights the one that lasts longest; of equals purchase, admin_grant, plan, trial. */
      entitlement: {
        source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
        scope: 'user' | 'organization';
        expiresAt: string | null;
      } | null;
      /** Neither a right nor a trial message is left. */
      locked: boolean;
      lockedReason: 'not_entitled' | 'trial_exhausted' | 'premium_disabled' | null;
      usageToday: {
        /** Messages of the person today, those under way included. */
        used: number;
        /** Null: unlimited. */
        limit: number | null;
        resetAt: string;
      };
      trialMessagesRemaining: number;
    }[];
    premium: {
      id: string;
      /** Null while it is switched off. */
      provider: {
        slug: string;
        name: string;
      } | null;
      display_name: string;
      description: string;
      /** `embedding` is not for conversations. */
      model_type: 'llm' | 'vision' | 'embedding' | 'custom';
      version: string;
      tier: 'free' | 'premium';
      status: 'available' | 'beta' | 'deprecated' | 'unavailable';
      is_system_default: boolean;
      capabilities: string[];
      context_window: number | null;
      max_output_tokens: number | null;
      /** What it costs to have it; the price of calls is `pricing`. */
      price_cents: number | null;
      /** Null: unlimited. */
      rate_limit_messages_per_day: number | null;
      trial_messages_allowed: number;
      /** Badges: `speed` and `quality`, 1 to 5. */
      metadata: Record<string, unknown>;
      fallback_model_ids: string[];
      sort_order: number;
      retires_at: string | null;
      replacement_model_id: string | null;
      created_at: string;
      updated_at: string;
      pricing: {
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        /** Null: as input. */
        cachedInputUsdPerMillion: string | null;
        /** Null: as input. */
        cacheWriteUsdPerMillion: string | null;
        /** Null: as output. */
        reasoningUsdPerMillion: string | null;
        /** For each call, whatever its size. */
        requestUsd: string;
        effectiveFrom: string;
      } | null;
      priceUsd: string | null;
      /** Where it is bought; null for what is not sold. */
      upgradeUrl: string | null;
      /** Whether there is a right to it now, from whatever source. */
      purchased: boolean;
      /** Of several rights the one that lasts longest; of equals purchase, admin_grant, plan, trial. */
      entitlement: {
        source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
        scope: 'user' | 'organization';
        expiresAt: string | null;
      } | null;
      /** Neither a right nor a trial message is left. */
      locked: boolean;
      lockedReason: 'not_entitled' | 'trial_exhausted' | 'premium_disabled' | null;
      usageToday: {
        /** Messages of the person today, those under way included. */
        used: number;
        /** Null: unlimited. */
        limit: number | null;
        resetAt: string;
      };
      trialMessagesRemaining: number;
    }[];
    userPreferences: {
      defaultModelId: string | null;
      personaOverrides: Record<string, string>;
    };
  };
};

export type GetModelOfferOutput = {
  data: {
    id: string;
    /** Null while it is switched off. */
    provider: {
      slug: string;
      name: string;
    } | null;
    display_name: string;
    description: string;
    /** `embedding` is not for conversations. */
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    version: string;
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    /** What it costs to have it; the price of calls is `pricing`. */
    price_cents: number | null;
    /** Null: unlimited. */
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    /** Badges: `speed` and `quality`, 1 to 5. */
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    created_at: string;
    updated_at: string;
    pricing: {
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      /** Null: as input. */
      cachedInputUsdPerMillion: string | null;
      /** Null: as input. */
      cacheWriteUsdPerMillion: string | null;
      /** Null: as output. */
      reasoningUsdPerMillion: string | null;
      /** For each call, whatever its size. */
      requestUsd: string;
      effectiveFrom: string;
    } | null;
    priceUsd: string | null;
    /** Where it is bought; null for what is not sold. */
    upgradeUrl: string | null;
    /** Whether there is a right to it now, from whatever source. */
    purchased: boolean;
    /** Of several rights the one that lasts longest; of equals purchase, admin_grant, plan, trial. */
    entitlement: {
      source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
      scope: 'user' | 'organization';
      expiresAt: string | null;
    } | null;
    /** Neither a right nor a trial message is left. */
    locked: boolean;
    lockedReason: 'not_entitled' | 'trial_exhausted' | 'premium_disabled' | null;
    usageToday: {
      /** Messages of the person today, those under way included. */
      used: number;
      /** Null: unlimited. */
      limit: number | null;
      resetAt: string;
    };
    trialMessagesRemaining: number;
  };
};

export type GetModelTrialStatusOutput = {
  data: {
    trialMessagesAllowed: number;
    used: number;
    remaining: number;
    exhausted: boolean;
    purchased: boolean;
  };
};

export type GetModelUsageOutput = {
  data: {
    modelId: string;
    today: {
      messages: number;
      inputTokens: number;
      outputTokens: number;
      /** US dollars, a decimal. */
      costUsd: string;
      used: number;
      limit: number | null;
      resetAt: string;
    };
    /** Today and the six days before, UTC. */
    last7Days: {
      messages: number;
      inputTokens: number;
      outputTokens: number;
      /** US dollars, a decimal. */
      costUsd: string;
    };
    last30Days: {
      messages: number;
      inputTokens: number;
      outputTokens: number;
      /** US dollars, a decimal. */
      costUsd: string;
    };
    /** Each of the 30 days, the oldest first; days without use are there too. */
    days: {
      date: string;
      messages: number;
      inputTokens: number;
      outputTokens: number;
      /** US dollars, a decimal. */
      costUsd: string;
    }[];
  };
};

export type GetProfileOutput = {
  data: {
    userId: string;
    name: string;
    email: string;
    displayName: string | null;
    avatarUrl: string | null;
    locale: string;
    theme: 'system' | 'light' | 'dark';
    timeZone: string;
    defaultModelId: string | null;
    /** Persona id to model id. */
    personaOverrides: Record<string, string>;
    updatedAt: string;
  };
};

export type UpdateProfileInput = {
  displayName?: string | null | undefined;
  avatarUrl?: string | null | undefined;
  locale?: string | undefined;
  theme?: 'system' | 'light' | 'dark' | undefined;
  /** Of the IANA data base: `Europe/Berlin`. */
  timeZone?: string | undefined;
};

export type UpdateProfileOutput = {
  data: {
    userId: string;
    name: string;
    email: string;
    displayName: string | null;
    avatarUrl: string | null;
    locale: string;
    theme: 'system' | 'light' | 'dark';
    timeZone: string;
    defaultModelId: string | null;
    /** Persona id to model id. */
    personaOverrides: Record<string, string>;
    updatedAt: string;
  };
};

export type UpdateModelPreferencesInput = {
  defaultModelId?: string | null | undefined;
  personaOverrides?: Record<string, string | null> | null | undefined;
};

export type UpdateModelPreferencesOutput = {
  success: true;
  data: {
    defaultModelId: string | null;
    /** Persona id to model id. */
    personaOverrides: Record<string, string>;
  };
};

export type ListPersonasOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    /** What answers the caller as this persona; null when not even the system default works. */
    model: {
      id: string;
      displayName: string;
      /** Whose preference it is. */
      why: 'persona_override' | 'persona_default' | 'user_default' | 'organization_default' | 'system_default';
      /** Why the first preference does not serve; null when it does. */
      fallback: 'model_not_found' | 'model_disabled' | 'model_unavailable' | 'model_retired' | 'model_incapable' | 'model_not_allowed' | 'model_locked' | 'trial_exhausted' | 'default_model_forced' | null;
    } | null;
  }[];
  next_cursor: string | null;
};

export type CreatePersonaInput = {
  /** What `x-weir-persona` names. Unique; an organization’s goes before the platform’s of the same name. */
  slug: string;
  name: string;
  description?: string | undefined;
  avatar?: string | null | undefined;
  systemPrompt?: string | undefined;
  defaultModelId?: string | null | undefined;
  isActive?: boolean | undefined;
  sortOrder?: number | undefined;
};

export type CreatePersonaOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    systemPrompt: string;
    defaultModelId: string | null;
    isActive: boolean;
    createdAt: string;
    updatedAt: string;
  };
};

export type UpdatePersonaInput = {
  /** What `x-weir-persona` names. Unique; an organization’s goes before the platform’s of the same name. */
  slug?: string | undefined;
  name?: string | undefined;
  description?: string | undefined;
  avatar?: string | null | undefined;
  systemPrompt?: string | undefined;
  defaultModelId?: string | null | undefined;
  isActive?: boolean | undefined;
  sortOrder?: number | undefined;
};

export type UpdatePersonaOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    systemPrompt: string;
    defaultModelId: string | null;
    isActive: boolean;
    createdAt: string;
    updatedAt: string;
  };
};

export type ListPlatformPersonasOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    systemPrompt: string;
    defaultModelId: string | null;
    isActive: boolean;
    createdAt: string;
    updatedAt: string;
  }[];
  next_cursor: string | null;
};

export type ListOrganizationPersonasOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    systemPrompt: string;
    defaultModelId: string | null;
    isActive: boolean;
    createdAt: string;
    updatedAt: string;
  }[];
  next_cursor: string | null;
};

export type CreateOrganizationPersonaInput = {
  /** What `x-weir-persona` names. Unique; an organization’s goes before the platform’s of the same name. */
  slug: string;
  name: string;
  description?: string | undefined;
  avatar?: string | null | undefined;
  systemPrompt?: string | undefined;
  defaultModelId?: string | null | undefined;
  isActive?: boolean | undefined;
  sortOrder?: number | undefined;
};

export type CreateOrganizationPersonaOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    systemPrompt: string;
    defaultModelId: string | null;
    isActive: boolean;
    createdAt: string;
    updatedAt: string;
  };
};

export type UpdateOrganizationPersonaInput = {
  /** What `x-weir-persona` names. Unique; an organization’s goes before the platform’s of the same name. */
  slug?: string | undefined;
  name?: string | undefined;
  description?: string | undefined;
  avatar?: string | null | undefined;
  systemPrompt?: string | undefined;
  defaultModelId?: string | null | undefined;
  isActive?: boolean | undefined;
  sortOrder?: number | undefined;
};

export type UpdateOrganizationPersonaOutput = {
  data: {
    id: string;
    slug: string;
    name: string;
    description: string;
    avatar: string | null;
    scope: 'platform' | 'organization';
    sortOrder: number;
    systemPrompt: string;
    defaultModelId: string | null;
    isActive: boolean;
    createdAt: string;
    updatedAt: string;
  };
};

export type ListAdminModelsOutput = {
  data: {
    id: string;
    provider_id: string;
    provider_model_id: string;
    version: string;
    display_name: string;
    description: string;
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    enabled: boolean;
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    price_cents: number | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    archived_at: string | null;
    created_at: string;
    updated_at: string;
    provider: {
      slug: string;
      name: string;
      type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
      status: 'active' | 'inactive' | 'error';
    };
    /** The price in force; null: none, and it can’t be enabled. */
    pricing: {
      id: string;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
      reasoningUsdPerMillion: string | null;
      /** US dollars, a decimal. */
      requestUsd: string;
      longContext: {
        aboveTokens: number;
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion: string | null;
        cacheWriteUsdPerMillion: string | null;
        cacheWrite1hUsdPerMillion: string | null;
      } | null;
      effectiveFrom: string;
      source: 'seed' | 'admin' | 'import';
      /** The import it was approved in. */
      importId: string | null;
      createdBy: string | null;
      createdAt: string;
    } | null;
    /** Calls that were not denied, of the last 30 days. */
    messages30Days: number;
  }[];
  next_cursor: string | null;
};

export type CreateModelInput = {
  /** What callers send as `model`; never changes. */
  id: string;
  /** Slug or id of the provider. */
  provider: string;
  /** What the provider calls it. */
  providerModelId: string;
  displayName: string;
  modelType: 'llm' | 'vision' | 'embedding' | 'custom';
  version?: string | undefined;
  description?: string | undefined;
  tier?: 'free' | 'premium' | undefined;
  status?: 'available' | 'beta' | 'deprecated' | 'unavailable' | undefined;
  enabled?: boolean | undefined;
  /** `chat`, `tools`, `vision`, `json_schema`, `streaming`, `reasoning`, `embeddings` … */
  capabilities?: string[] | undefined;
  metadata?: Record<string, string | number | boolean | null | string[]> | undefined;
  /** Tried in this order when its provider fails. */
  fallbackModelIds?: string[] | undefined;
  sortOrder?: number | undefined;
  trialMessagesAllowed?: number | undefined;
  /** In force from now on. Without a price a model can’t be enabled. */
  pricing?: {
    /** US dollars as a decimal: `"0.15"`. */
    inputUsdPerMillion: string;
    /** US dollars as a decimal: `"0.15"`. */
    outputUsdPerMillion: string;
    /** Null or left out: as input. */
    cachedInputUsdPerMillion?: string | null | undefined;
    /** Null or left out: as input. */
    cacheWriteUsdPerMillion?: string | null | undefined;
    /** Null or left out: as other cache writes. */
    cacheWrite1hUsdPerMillion?: string | null | undefined;
    /** Null or left out: as output. */
    reasoningUsdPerMillion?: string | null | undefined;
    /** For each call, whatever its size. */
    requestUsd?: string | undefined;
    longContext?: {
      /** Once the whole input is longer, all tokens of the call cost this. */
      aboveTokens: number;
      /** US dollars as a decimal: `"0.15"`. */
      inputUsdPerMillion: string;
      /** US dollars as a decimal: `"0.15"`. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion?: string | null | undefined;
      cacheWriteUsdPerMillion?: string | null | undefined;
      cacheWrite1hUsdPerMillion?: string | null | undefined;
    } | null | undefined;
  } | undefined;
  contextWindow?: number | null | undefined;
  maxOutputTokens?: number | null | undefined;
  /** What having it costs; premium only. */
  priceCents?: number | null | undefined;
  stripeProductId?: string | null | undefined;
  stripePriceId?: string | null | undefined;
  /** Null: unlimited. */
  rateLimitMessagesPerDay?: number | null | undefined;
  /** From then on calls go to the replacement, or are refused where there is none. */
  retiresAt?: string | null | undefined;
  replacementModelId?: string | null | undefined;
};

export type CreateModelOutput = {
  data: {
    id: string;
    provider_id: string;
    provider_model_id: string;
    version: string;
    display_name: string;
    description: string;
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    enabled: boolean;
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    price_cents: number | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    archived_at: string | null;
    created_at: string;
    updated_at: string;
    provider: {
      slug: string;
      name: string;
      type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
      status: 'active' | 'inactive' | 'error';
    };
    /** The price in force; null: none, and it can’t be enabled. */
    pricing: {
      id: string;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
      reasoningUsdPerMillion: string | null;
      /** US dollars, a decimal. */
      requestUsd: string;
      longContext: {
        aboveTokens: number;
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion: string | null;
        cacheWriteUsdPerMillion: string | null;
        cacheWrite1hUsdPerMillion: string | null;
      } | null;
      effectiveFrom: string;
      source: 'seed' | 'admin' | 'import';
      /** The import it was approved in. */
      importId: string | null;
      createdBy: string | null;
      createdAt: string;
    } | null;
    /** Calls that were not denied, of the last 30 days. */
    messages30Days: number;
  };
};

export type GetAdminModelOutput = {
  data: {
    id: string;
    provider_id: string;
    provider_model_id: string;
    version: string;
    display_name: string;
    description: string;
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    enabled: boolean;
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    price_cents: number | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    archived_at: string | null;
    created_at: string;
    updated_at: string;
    provider: {
      slug: string;
      name: string;
      type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
      status: 'active' | 'inactive' | 'error';
    };
    /** The price in force; null: none, and it can’t be enabled. */
    pricing: {
      id: string;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
      reasoningUsdPerMillion: string | null;
      /** US dollars, a decimal. */
      requestUsd: string;
      longContext: {
        aboveTokens: number;
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion: string | null;
        cacheWriteUsdPerMillion: string | null;
        cacheWrite1hUsdPerMillion: string | null;
      } | null;
      effectiveFrom: string;
      source: 'seed' | 'admin' | 'import';
      /** The import it was approved in. */
      importId: string | null;
      createdBy: string | null;
      createdAt: string;
    } | null;
    /** Calls that were not denied, of the last 30 days. */
    messages30Days: number;
  };
};

export type UpdateModelInput = {
  /** What the provider calls it. */
  providerModelId?: string | undefined;
  version?: string | undefined;
  displayName?: string | undefined;
  description?: string | undefined;
  modelType?: 'llm' | 'vision' | 'embedding' | 'custom' | undefined;
  tier?: 'free' | 'premium' | undefined;
  status?: 'available' | 'beta' | 'deprecated' | 'unavailable' | undefined;
  /** `chat`, `tools`, `vision`, `json_schema`, `streaming`, `reasoning`, `embeddings` … */
  capabilities?: string[] | undefined;
  contextWindow?: number | null | undefined;
  maxOutputTokens?: number | null | undefined;
  /** What having it costs; premium only. */
  priceCents?: number | null | undefined;
  stripeProductId?: string | null | undefined;
  stripePriceId?: string | null | undefined;
  /** Null: unlimited. */
  rateLimitMessagesPerDay?: number | null | undefined;
  trialMessagesAllowed?: number | undefined;
  metadata?: Record<string, string | number | boolean | null | string[]> | undefined;
  /** Tried in this order when its provider fails. */
  fallbackModelIds?: string[] | undefined;
  sortOrder?: number | undefined;
  /** From then on calls go to the replacement, or are refused where there is none. */
  retiresAt?: string | null | undefined;
  replacementModelId?: string | null | undefined;
  isSystemDefault?: true | undefined;
  archived?: false | undefined;
};

export type UpdateModelOutput = {
  data: {
    id: string;
    provider_id: string;
    provider_model_id: string;
    version: string;
    display_name: string;
    description: string;
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    enabled: boolean;
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    price_cents: number | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    archived_at: string | null;
    created_at: string;
    updated_at: string;
    provider: {
      slug: string;
      name: string;
      type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
      status: 'active' | 'inactive' | 'error';
    };
    /** The price in force; null: none, and it can’t be enabled. */
    pricing: {
      id: string;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
      reasoningUsdPerMillion: string | null;
      /** US dollars, a decimal. */
      requestUsd: string;
      longContext: {
        aboveTokens: number;
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion: string | null;
        cacheWriteUsdPerMillion: string | null;
        cacheWrite1hUsdPerMillion: string | null;
      } | null;
      effectiveFrom: string;
      source: 'seed' | 'admin' | 'import';
      /** The import it was approved in. */
      importId: string | null;
      createdBy: string | null;
      createdAt: string;
    } | null;
    /** Calls that were not denied, of the last 30 days. */
    messages30Days: number;
  };
};

export type EnableModelOutput = {
  data: {
    id: string;
    provider_id: string;
    provider_model_id: string;
    version: string;
    display_name: string;
    description: string;
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    enabled: boolean;
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    price_cents: number | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    archived_at: string | null;
    created_at: string;
    updated_at: string;
    provider: {
      slug: string;
      name: string;
      type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
      status: 'active' | 'inactive' | 'error';
    };
    /** The price in force; null: none, and it can’t be enabled. */
    pricing: {
      id: string;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
      reasoningUsdPerMillion: string | null;
      /** US dollars, a decimal. */
      requestUsd: string;
      longContext: {
        aboveTokens: number;
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion: string | null;
        cacheWriteUsdPerMillion: string | null;
        cacheWrite1hUsdPerMillion: string | null;
      } | null;
      effectiveFrom: string;
      source: 'seed' | 'admin' | 'import';
      /** The import it was approved in. */
      importId: string | null;
      createdBy: string | null;
      createdAt: string;
    } | null;
    /** Calls that were not denied, of the last 30 days. */
    messages30Days: number;
  };
};

export type DisableModelOutput = {
  data: {
    id: string;
    provider_id: string;
    provider_model_id: string;
    version: string;
    display_name: string;
    description: string;
    model_type: 'llm' | 'vision' | 'embedding' | 'custom';
    tier: 'free' | 'premium';
    status: 'available' | 'beta' | 'deprecated' | 'unavailable';
    enabled: boolean;
    is_system_default: boolean;
    capabilities: string[];
    context_window: number | null;
    max_output_tokens: number | null;
    price_cents: number | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    rate_limit_messages_per_day: number | null;
    trial_messages_allowed: number;
    metadata: Record<string, unknown>;
    fallback_model_ids: string[];
    sort_order: number;
    retires_at: string | null;
    replacement_model_id: string | null;
    archived_at: string | null;
    created_at: string;
    updated_at: string;
    provider: {
      slug: string;
      name: string;
      type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
      status: 'active' | 'inactive' | 'error';
    };
    /** The price in force; null: none, and it can’t be enabled. */
    pricing: {
      id: string;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
      reasoningUsdPerMillion: string | null;
      /** US dollars, a decimal. */
      requestUsd: string;
      longContext: {
        aboveTokens: number;
        /** US dollars, a decimal. */
        inputUsdPerMillion: string;
        /** US dollars, a decimal. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion: string | null;
        cacheWriteUsdPerMillion: string | null;
        cacheWrite1hUsdPerMillion: string | null;
      } | null;
      effectiveFrom: string;
      source: 'seed' | 'admin' | 'import';
      /** The import it was approved in. */
      importId: string | null;
      createdBy: string | null;
      createdAt: string;
    } | null;
    /** Calls that were not denied, of the last 30 days. */
    messages30Days: number;
    affected: {
      isSystemDefault: boolean;
      people: {
        /** Whose default it is. */
        byDefault: number;
        byPersonaOverride: number;
        entitled: number;
        /** Who used it in the last 30 days. */
        active30Days: number;
      };
      organizations: {
        byDefault: number;
        entitled: number;
        active30Days: number;
      };
      templates: number;
      personas: number;
      /** Active ones. */
      deployments: number;
      /** Models that fall back to it. */
      fallbackOf: number;
    };
    dryRun: boolean;
  };
};

export type ChangeModelsInput = {
  action: 'enable';
  ids: string[];
} | {
  action: 'disable';
  ids: string[];
} | {
  action: 'set_status';
  ids: string[];
  status: 'available' | 'beta' | 'deprecated' | 'unavailable';
} | {
  action: 'set_tier';
  ids: string[];
  tier: 'free' | 'premium';
} | {
  action: 'set_sort_order';
  ids: string[];
  from?: number | undefined;
};

export type ChangeModelsOutput = {
  data: {
    id: string;
    ok: boolean;
    error: {
      code: string;
      message: string;
    } | null;
  }[];
  changed: number;
  refused: number;
};

export type ListAffectedByModelOutput = {
  data: {
    modelId: string;
    retiresAt: string | null;
    replacementModelId: string | null;
    since: string;
    counts: {
      isSystemDefault: boolean;
      people: {
        /** Whose default it is. */
        byDefault: number;
        byPersonaOverride: number;
        entitled: number;
        /** Who used it in the last 30 days. */
        active30Days: number;
      };
      organizations: {
        byDefault: number;
        entitled: number;
        active30Days: number;
      };
      templates: number;
      personas: number;
      /** Active ones. */
      deployments: number;
      /** Models that fall back to it. */
      fallbackOf: number;
    };
    templates: {
      id: number;
      slug: string;
      name: string;
      scope: 'system' | 'organization' | 'user';
      organizationId: string | null;
      isActive: boolean;
    }[];
    personas: {
      id: string;
      slug: string;
      name: string;
    }[];
    deployments: {
      id: string;
      feature: string;
      environment: 'development' | 'staging' | 'production';
    }[];
    organizationsByDefault: {
      id: string;
      name: string;
      slug: string;
    }[];
    fallbackOf: string[];
    /** Who used it most in these days. */
    people: {
      id: string;
      name: string;
      email: string;
      messages: number;
      lastUsedOn: string;
    }[];
    organizations: {
      id: string;
      name: string;
      slug: string;
      messages: number;
      lastUsedOn: string;
    }[];
  };
};

export type GetModelStatsOutput = {
  data: {
    modelId: string;
    /** Of a free model all active members. */
    usersWithAccess: number;
    entitledUsers: number;
    entitledOrganizations: number;
    messagesToday: number;
    messages7Days: number;
    messages30Days: number;
    /** Over the 30 days. */
    averageMessagesPerDay: number;
    /** US dollars, a decimal. */
    costUsd30Days: string;
    /** Of the 30 days. */
    topUsers: {
      id: string;
      name: string;
      email: string;
      messages: number;
      /** US dollars, a decimal. */
      costUsd: string;
    }[];
    revenue: {
      purchases: number;
      refunds: number;
      /** US dollars, a decimal. */
      grossUsd: string;
      /** US dollars, a decimal. */
      refundedUsd: string;
      /** US dollars, a decimal. */
      netUsd: string;
    };
    trial: {
      /** Who used trial messages. */
      people: number;
      purchasedLater: number;
      /** Null where nobody tried it. */
      conversionRate: number | null;
    };
    asOf: string;
  };
};

export type ListModelPricesOutput = {
  data: {
    id: string;
    /** US dollars, a decimal. */
    inputUsdPerMillion: string;
    /** US dollars, a decimal. */
    outputUsdPerMillion: string;
    cachedInputUsdPerMillion: string | null;
    cacheWriteUsdPerMillion: string | null;
    cacheWrite1hUsdPerMillion: string | null;
    reasoningUsdPerMillion: string | null;
    /** US dollars, a decimal. */
    requestUsd: string;
    longContext: {
      aboveTokens: number;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
    } | null;
    effectiveFrom: string;
    source: 'seed' | 'admin' | 'import';
    /** The import it was approved in. */
    importId: string | null;
    createdBy: string | null;
    createdAt: string;
    inForce: boolean;
  }[];
  next_cursor: string | null;
};

export type CreateModelPriceInput = {
  /** US dollars as a decimal: `"0.15"`. */
  inputUsdPerMillion: string;
  /** US dollars as a decimal: `"0.15"`. */
  outputUsdPerMillion: string;
  /** Null or left out: as input. */
  cachedInputUsdPerMillion?: string | null | undefined;
  /** Null or left out: as input. */
  cacheWriteUsdPerMillion?: string | null | undefined;
  /** Null or left out: as other cache writes. */
  cacheWrite1hUsdPerMillion?: string | null | undefined;
  /** Null or left out: as output. */
  reasoningUsdPerMillion?: string | null | undefined;
  /** For each call, whatever its size. */
  requestUsd?: string | undefined;
  longContext?: {
    /** Once the whole input is longer, all tokens of the call cost this. */
    aboveTokens: number;
    /** US dollars as a decimal: `"0.15"`. */
    inputUsdPerMillion: string;
    /** US dollars as a decimal: `"0.15"`. */
    outputUsdPerMillion: string;
    cachedInputUsdPerMillion?: string | null | undefined;
    cacheWriteUsdPerMillion?: string | null | undefined;
    cacheWrite1hUsdPerMillion?: string | null | undefined;
  } | null | undefined;
  /** Left out: now. Never in the past. */
  effectiveFrom?: string | undefined;
};

export type CreateModelPriceOutput = {
  data: {
    id: string;
    /** US dollars, a decimal. */
    inputUsdPerMillion: string;
    /** US dollars, a decimal. */
    outputUsdPerMillion: string;
    cachedInputUsdPerMillion: string | null;
    cacheWriteUsdPerMillion: string | null;
    cacheWrite1hUsdPerMillion: string | null;
    reasoningUsdPerMillion: string | null;
    /** US dollars, a decimal. */
    requestUsd: string;
    longContext: {
      aboveTokens: number;
      /** US dollars, a decimal. */
      inputUsdPerMillion: string;
      /** US dollars, a decimal. */
      outputUsdPerMillion: string;
      cachedInputUsdPerMillion: string | null;
      cacheWriteUsdPerMillion: string | null;
      cacheWrite1hUsdPerMillion: string | null;
    } | null;
    effectiveFrom: string;
    source: 'seed' | 'admin' | 'import';
    /** The import it was approved in. */
    importId: string | null;
    createdBy: string | null;
    createdAt: string;
  };
};

export type CreatePriceImportOutput = {
  data: {
    id: string;
    status: 'unchanged' | 'pending' | 'partly_applied' | 'applied';
    library: string;
    comparedCount: number;
    changedCount: number;
    appliedCount: number;
    /** Models that the library has no price for. */
    unknownModelIds: string[];
    createdBy: string | null;
    createdAt: string;
    items: {
      modelId: string;
      displayName: string;
      changes: {
        field: string;
        /** Null: it had none of its own. */
        from: string | null;
        to: string | null;
        /** Null where there is nothing to compare with. */
        percent: number | null;
      }[];
      /** The price has changed since; import again. */
      isStale: boolean;
      appliedPriceId: string | null;
      appliedBy: string | null;
      appliedAt: string | null;
    }[];
  };
};

export type ListPriceImportsOutput = {
  data: {
    id: string;
    status: 'unchanged' | 'pending' | 'partly_applied' | 'applied';
    library: string;
    comparedCount: number;
    changedCount: number;
    appliedCount: number;
    /** Models that the library has no price for. */
    unknownModelIds: string[];
    createdBy: string | null;
    createdAt: string;
  }[];
  next_cursor: string | null;
};

export type GetPriceImportOutput = {
  data: {
    id: string;
    status: 'unchanged' | 'pending' | 'partly_applied' | 'applied';
    library: string;
    comparedCount: number;
    changedCount: number;
    appliedCount: number;
    /** Models that the library has no price for. */
    unknownModelIds: string[];
    createdBy: string | null;
    createdAt: string;
    items: {
      modelId: string;
      displayName: string;
      changes: {
        field: string;
        /** Null: it had none of its own. */
        from: string | null;
        to: string | null;
        /** Null where there is nothing to compare with. */
        percent: number | null;
      }[];
      /** The price has changed since; import again. */
      isStale: boolean;
      appliedPriceId: string | null;
      appliedBy: string | null;
      appliedAt: string | null;
    }[];
  };
};

export type ApprovePriceImportInput = {
  modelIds?: string[] | undefined;
};

export type ApprovePriceImportOutput = {
  data: {
    id: string;
    status: 'unchanged' | 'pending' | 'partly_applied' | 'applied';
    library: string;
    comparedCount: number;
    changedCount: number;
    appliedCount: number;
    /** Models that the library has no price for. */
    unknownModelIds: string[];
    createdBy: string | null;
    createdAt: string;
    items: {
      modelId: string;
      displayName: string;
      changes: {
        field: string;
        /** Null: it had none of its own. */
        from: string | null;
        to: string | null;
        /** Null where there is nothing to compare with. */
        percent: number | null;
      }[];
      /** The price has changed since; import again. */
      isStale: boolean;
      appliedPriceId: string | null;
      appliedBy: string | null;
      appliedAt: string | null;
    }[];
  };
};

export type ListModelGrantsOutput = {
  data: {
    id: string;
    modelId: string;
    source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
    user: {
      id: string;
      name: string;
      email: string;
    } | null;
    organization: {
      id: string;
      name: string;
      slug: string;
    } | null;
    notes: string;
    grantedBy: {
      id: string;
      name: string;
    } | null;
    grantedAt: string;
    /** Null: without end. */
    expiresAt: string | null;
    revokedAt: string | null;
    isActive: boolean;
  }[];
  next_cursor: string | null;
};

export type GrantModelAccessInput = {
  userId?: string | undefined;
  email?: string | undefined;
  organizationId?: string | undefined;
  source?: 'admin_grant' | 'trial' | undefined;
  /** Left out: without end. */
  expiresAt?: string | undefined;
  notes?: string | undefined;
};

export type GrantModelAccessOutput = {
  data: {
    id: string;
    modelId: string;
    source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
    user: {
      id: string;
      name: string;
      email: string;
    } | null;
    organization: {
      id: string;
      name: string;
      slug: string;
    } | null;
    notes: string;
    grantedBy: {
      id: string;
      name: string;
    } | null;
    grantedAt: string;
    /** Null: without end. */
    expiresAt: string | null;
    revokedAt: string | null;
    isActive: boolean;
  };
};

export type CheckQuotaInput = {
  templateId?: number | string | undefined;
  modelId?: string | undefined;
  /** All of the call, its answer included. Left out: the least that a call may have. */
  tokens?: number | undefined;
  userId?: string | undefined;
};

export type CheckQuotaOutput = {
  allowed: boolean;
  /** The error code that the call would get. */
  reason?: string;
  /** The same in words. */
  message?: string;
  unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd' | null;
  /** Used and set aside. */
  current_usage: number | string;
  /** Null: nothing limits it. */
  limit: number | string | null;
  resets_at: string | null;
};

export type GetEffectiveLimitsOutput = {
  data: {
    user_id: string;
    model: {
      id: string;
      name: string;
    };
    template: {
      id: number;
      slug: string;
    } | null;
    feature: string | null;
    /** Why another model than the one meant would serve. */
    fallback: string | null;
    /** By what right the model may be used; `free`, where none is needed. */
    right: string;
    allowed: boolean;
    /** What a call would be refused with. */
    code: string | null;
    message: string | null;
    checks: {
      rule: string;
      allowed: boolean;
      code: string | null;
      message: string | null;
    }[];
    meters: {
      meter: string;
      name: string;
      unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
      window: string;
      /** A soft one tells and never refuses. */
      enforcement: 'hard' | 'soft';
      /** In force; null: counted, not limited. */
      limit: number | string | null;
      /** Without what raises it for a time. */
      ordinary_limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Set aside for calls under way. */
      held: number | string;
      left: number | string | null;
      /** By a call of the size that was asked about. */
      asked: number | string;
      /** Null: never. */
      resets_at: string | null;
      source: {
        kind: 'plan' | 'organization' | 'organization_configuration' | 'template' | 'model' | 'budget' | 'credits' | 'override';
        /** Of the template, model or budget; null: it is of the organization as a whole. */
        id: string | null;
        name: string;
      } | null;
      /** When what raises the limit ends; null: nothing raises it, or that has no end. */
      raised_until: string | null;
      /** The one that refuses such calls first. */
      binds: boolean;
      allowed: boolean;
    }[];
  };
};

export type CreateLimitRequestInput = {
  kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
  /** Id of the template, of the person's own budget, or of the model. None for the organization's quota. */
  target?: string | number | undefined;
  /** The whole limit, not what is added: whole tokens or messages; of a budget US dollars, at most nine decimal places. */
  amount: string | number;
  reason: string;
};

export type CreateLimitRequestOutput = {
  data: {
    id: string;
    organization: {
      id: string;
      name: string;
    };
    user: {
      id: string;
      name: string;
      email: string;
    };
    kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
    /** The template, model or budget; null: the organization's quota. */
    target: {
      id: string;
      name: string;
    } | null;
    unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
    /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
    requested: number | string;
    reason: string;
    status: 'open' | 'approved' | 'denied';
    /** In force when it was asked. */
    limit_then: number | string;
    /** Null: what was to be raised is gone. */
    current: {
      limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      held: number | string;
      resets_at: string;
      /** Windows in which anything was used, the latest first. */
      trend: {
        window_start: string;
        /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
        used: number | string;
      }[];
    } | null;
    created_at: string;
    decided_at: string | null;
    decided_by: {
      id: string;
      name: string;
    } | null;
    decision_reason: string | null;
    /** What came of it. */
    override: {
      id: string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      amount: number | string;
      until: string | null;
      revoked_at: string | null;
    } | null;
  };
};

export type ListLimitRequestsOutput = {
  data: {
    id: string;
    organization: {
      id: string;
      name: string;
    };
    user: {
      id: string;
      name: string;
      email: string;
    };
    kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
    /** The template, model or budget; null: the organization's quota. */
    target: {
      id: string;
      name: string;
    } | null;
    unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
    /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
    requested: number | string;
    reason: string;
    status: 'open' | 'approved' | 'denied';
    /** In force when it was asked. */
    limit_then: number | string;
    /** Null: what was to be raised is gone. */
    current: {
      limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      held: number | string;
      resets_at: string;
      /** Windows in which anything was used, the latest first. */
      trend: {
        window_start: string;
        /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
        used: number | string;
      }[];
    } | null;
    created_at: string;
    decided_at: string | null;
    decided_by: {
      id: string;
      name: string;
    } | null;
    decision_reason: string | null;
    /** What came of it. */
    override: {
      id: string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      amount: number | string;
      until: string | null;
      revoked_at: string | null;
    } | null;
  }[];
  next_cursor: string | null;
};

export type ApproveLimitRequestInput = {
  /** Left out: what was asked for. */
  amount?: string | number | undefined;
  /** Left out: until it is revoked. */
  until?: string | undefined;
  reason?: string | undefined;
};

export type ApproveLimitRequestOutput = {
  data: {
    id: string;
    organization: {
      id: string;
      name: string;
    };
    user: {
      id: string;
      name: string;
      email: string;
    };
    kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
    /** The template, model or budget; null: the organization's quota. */
    target: {
      id: string;
      name: string;
    } | null;
    unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
    /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
    requested: number | string;
    reason: string;
    status: 'open' | 'approved' | 'denied';
    /** In force when it was asked. */
    limit_then: number | string;
    /** Null: what was to be raised is gone. */
    current: {
      limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      held: number | string;
      resets_at: string;
      /** Windows in which anything was used, the latest first. */
      trend: {
        window_start: string;
        /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
        used: number | string;
      }[];
    } | null;
    created_at: string;
    decided_at: string | null;
    decided_by: {
      id: string;
      name: string;
    } | null;
    decision_reason: string | null;
    /** What came of it. */
    override: {
      id: string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      amount: number | string;
      until: string | null;
      revoked_at: string | null;
    } | null;
  };
};

export type DenyLimitRequestInput = {
  reason: string;
};

export type DenyLimitRequestOutput = {
  data: {
    id: string;
    organization: {
      id: string;
      name: string;
    };
    user: {
      id: string;
      name: string;
      email: string;
    };
    kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
    /** The template, model or budget; null: the organization's quota. */
    target: {
      id: string;
      name: string;
    } | null;
    unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
    /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
    requested: number | string;
    reason: string;
    status: 'open' | 'approved' | 'denied';
    /** In force when it was asked. */
    limit_then: number | string;
    /** Null: what was to be raised is gone. */
    current: {
      limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      held: number | string;
      resets_at: string;
      /** Windows in which anything was used, the latest first. */
      trend: {
        window_start: string;
        /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
        used: number | string;
      }[];
    } | null;
    created_at: string;
    decided_at: string | null;
    decided_by: {
      id: string;
      name: string;
    } | null;
    decision_reason: string | null;
    /** What came of it. */
    override: {
      id: string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      amount: number | string;
      until: string | null;
      revoked_at: string | null;
    } | null;
  };
};

export type ListLimitOverridesOutput = {
  data: {
    id: string;
    organization: {
      id: string;
      name: string;
    };
    /** Null: the organization's quota. */
    user: {
      id: string;
      name: string;
      email: string;
    } | null;
    kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
    /** The template, model or budget; null: the organization's quota. */
    target: {
      id: string;
      name: string;
    } | null;
    unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
    /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
    amount: number | string;
    starts_at: string;
    /** Null: until it is revoked. */
    until: string | null;
    request_id: string | null;
    granted_by: {
      id: string;
      name: string;
    } | null;
    revoked_at: string | null;
    is_active: boolean;
  }[];
  next_cursor: string | null;
};

export type ListDenialsOutput = {
  data: {
    /** The call's `x-request-id`, the `explain_id` of its answer. */
    id: string;
    denied_at: string;
    /** Null: nobody, a service key. */
    user: {
      id: string;
      name: string | null;
    } | null;
    key: {
      id: string;
      name: string | null;
    } | null;
    route: string;
    /** As it was asked for. */
    model: string;
    feature: string | null;
    environment: string;
    status: number;
    code: string;
    /** The rule or kind of meter that named the answer. */
    rule: string | null;
    message: string;
    /** What can be done about it. */
    remedy: string;
    /** Every one without room, as it stood then. */
    meters: {
      meter: string;
      name: string;
      unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
      window: string;
      limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      held: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      asked: number | string;
      resets_at: string | null;
    }[];
    /** What else the caller was told: credits, a price, where to buy. */
    details: Record<string, unknown>;
  }[];
  next_cursor: string | null;
};

export type GetDenialOutput = {
  data: {
    /** The call's `x-request-id`, the `explain_id` of its answer. */
    id: string;
    denied_at: string;
    /** Null: nobody, a service key. */
    user: {
      id: string;
      name: string | null;
    } | null;
    key: {
      id: string;
      name: string | null;
    } | null;
    route: string;
    /** As it was asked for. */
    model: string;
    feature: string | null;
    environment: string;
    status: number;
    code: string;
    /** The rule or kind of meter that named the answer. */
    rule: string | null;
    message: string;
    /** What can be done about it. */
    remedy: string;
    /** Every one without room, as it stood then. */
    meters: {
      meter: string;
      name: string;
      unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'usd';
      window: string;
      limit: number | string | null;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      used: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      held: number | string;
      /** Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places. */
      asked: number | string;
      resets_at: string | null;
    }[];
    /** What else the caller was told: credits, a price, where to buy. */
    details: Record<string, unknown>;
  };
};

export type ListBudgetsOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type ListBudgetStatusOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    /** What the window before left, where the budget rolls over. */
    carried_usd: string;
    /** Of this window: the amount and what was carried. */
    limit_usd: string;
    /** Of finished calls. */
    spent_usd: string;
    /** Set aside for calls under way, at the most they can cost. A hard limit counts it. */
    held_usd: string;
    /** US dollars, decimal, exact to nine places. */
    remaining_usd: string;
    /** Spent of the limit, to a tenth. */
    percent: number;
    level: 'none' | 'notice' | 'warning' | 'high' | 'exceeded';
    window_start: string;
    resets_at: string;
    /** Of this window. */
    last_alert: {
      rule: string;
      threshold: number;
      fired_at: string;
    } | null;
    forecast: {
      /** At the end of the window, from what the days before cost. */
      projected_usd: string;
      /** US dollars, decimal, exact to nine places. */
      low_usd: string;
      /** US dollars, decimal, exact to nine places. */
      high_usd: string;
      /** The share of outcomes that the interval from `low_usd` to `high_usd` is meant to hold. */
      confidence: number;
      /** When the projection passes the limit. Null: not in this window, or it is passed already. */
      projected_breach_at: string | null;
      method: 'weekday_trend' | 'run_rate' | 'none';
      history_days: number;
    };
  }[];
  next_cursor: string | null;
  allocation: {
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** The lowest of the organization's own budgets of the period; null: it has none. */
    organization_usd: string | null;
    enforcement: 'hard' | 'soft' | null;
    /** All active budgets of departments. */
    allocated_usd: string;
    unallocated_usd: string | null;
    is_over_allocated: boolean;
  }[];
};

export type CreateBudgetInput = {
  name: string;
  period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
  /** US dollars, more than 0, at most 999,999,999, with at most nine decimal places: a decimal text, or a number. */
  amount_usd: string | number;
  /** `hard` refuses calls with 402 beyond the limit; `soft` only tells. */
  enforcement?: 'hard' | 'soft' | undefined;
  /** What a window leaves is added to the limit of the next one, once. */
  rollover?: boolean | undefined;
  is_active?: boolean | undefined;
  scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
  /** Of the department, person (`users.id`) or key the id; of a feature the id or name. For other scopes none. */
  reference?: string | undefined;
  /** Shares of the limit; each tells once a window. Left out: 0.8. */
  alert_thresholds?: number[] | undefined;
  /** The same with one; not together with `alert_thresholds`. */
  alert_threshold?: number | undefined;
};

export type CreateBudgetOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    warnings: {
      code: 'limit_reached' | 'over_allocated';
      message: string;
    }[];
  };
};

export type GetBudgetOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type UpdateBudgetInput = {
  name?: string | undefined;
  /** Another period is another count: what its window had before is taken over. */
  period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
  /** What was spent stays counted. */
  amount_usd?: string | number | undefined;
  /** Shares of the limit; each tells once a window. Left out: 0.8. */
  alert_thresholds?: number[] | undefined;
  /** The same with one; not together with `alert_thresholds`. */
  alert_threshold?: number | undefined;
  /** `hard` refuses calls with 402 beyond the limit; `soft` only tells. */
  enforcement?: 'hard' | 'soft' | undefined;
  /** What a window leaves is added to the limit of the next one, once. */
  rollover?: boolean | undefined;
  is_active?: boolean | undefined;
  /** As it is: a budget keeps its scope. */
  scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
  /** As it is. */
  reference?: string | null | undefined;
};

export type UpdateBudgetOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    warnings: {
      code: 'limit_reached' | 'over_allocated';
      message: string;
    }[];
  };
};

export type GetBudgetForecastOutput = {
  data: {
    budget_id: string;
    /** US dollars, decimal, exact to nine places. */
    spent_usd: string;
    /** US dollars, decimal, exact to nine places. */
    limit_usd: string;
    window_start: string;
    resets_at: string;
    /** At the end of the window, from what the days before cost. */
    projected_usd: string;
    /** US dollars, decimal, exact to nine places. */
    low_usd: string;
    /** US dollars, decimal, exact to nine places. */
    high_usd: string;
    /** The share of outcomes that the interval from `low_usd` to `high_usd` is meant to hold. */
    confidence: number;
    /** When the projection passes the limit. Null: not in this window, or it is passed already. */
    projected_breach_at: string | null;
    method: 'weekday_trend' | 'run_rate' | 'none';
    history_days: number;
    /** Null: there is too little history to have tested the method on; the interval is then assumed. */
    error: {
      /** Mean absolute error as a share of the outcome, of forecasts made at times past for as long a stretch as is left. */
      mape: number | null;
      /** Share of outcomes within the interval that was known then. Null: too few to say. */
      coverage: number | null;
      /** Stretches compared. */
      windows: number;
    } | null;
  };
};

export type GetBudgetReportOutput = {
  data: {
    budget: {
      id: string;
      name: string;
      scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
      reference: {
        id: string;
        name: string;
      } | null;
      period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
      /** US dollars, decimal, exact to nine places. */
      amount_usd: string;
      alert_thresholds: number[];
      enforcement: 'hard' | 'soft';
      rollover: boolean;
      is_active: boolean;
      created_by: string | null;
      created_at: string;
      updated_at: string;
    };
    window_start: string;
    window_end: string;
    /** US dollars, decimal, exact to nine places. */
    spent_usd: string;
    windows: {
      window_start: string;
      window_end: string;
      /** Null: the budget was not there yet. */
      amount_usd: string | null;
      /** In its scope, whether or not the budget was there. */
      spent_usd: string;
      percent: number | null;
      breached: boolean | null;
    }[];
    top_users: {
      id: string | null;
      name: string | null;
      /** US dollars, decimal, exact to nine places. */
      spent_usd: string;
      requests: number;
      /** 0.25 is a quarter. */
      share: number;
    }[];
    top_models: {
      id: string | null;
      name: string | null;
      /** US dollars, decimal, exact to nine places. */
      spent_usd: string;
      requests: number;
      /** 0.25 is a quarter. */
      share: number;
    }[];
    top_features: {
      id: string | null;
      name: string | null;
      /** US dollars, decimal, exact to nine places. */
      spent_usd: string;
      requests: number;
      /** 0.25 is a quarter. */
      share: number;
    }[];
  };
};

export type CheckBudgetAlertsInput = {
  budget_id?: string | undefined;
  /** Sends what an alert would send, marked as a test, and changes nothing. */
  test?: boolean | undefined;
};

export type CheckBudgetAlertsOutput = {
  data: {
    evaluated: number;
    is_test: boolean;
    fired: {
      budget_id: string;
      name: string;
      rule: 'budget_threshold' | 'budget_projected_breach';
      threshold: number;
      /** US dollars, decimal, exact to nine places. */
      spent_usd: string;
      /** US dollars, decimal, exact to nine places. */
      amount_usd: string;
    }[];
  };
};

export type ListAdminBudgetsOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  }[];
  next_cursor: string | null;
};

export type ListAdminBudgetStatusOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    /** What the window before left, where the budget rolls over. */
    carried_usd: string;
    /** Of this window: the amount and what was carried. */
    limit_usd: string;
    /** Of finished calls. */
    spent_usd: string;
    /** Set aside for calls under way, at the most they can cost. A hard limit counts it. */
    held_usd: string;
    /** US dollars, decimal, exact to nine places. */
    remaining_usd: string;
    /** Spent of the limit, to a tenth. */
    percent: number;
    level: 'none' | 'notice' | 'warning' | 'high' | 'exceeded';
    window_start: string;
    resets_at: string;
    /** Of this window. */
    last_alert: {
      rule: string;
      threshold: number;
      fired_at: string;
    } | null;
    forecast: {
      /** At the end of the window, from what the days before cost. */
      projected_usd: string;
      /** US dollars, decimal, exact to nine places. */
      low_usd: string;
      /** US dollars, decimal, exact to nine places. */
      high_usd: string;
      /** The share of outcomes that the interval from `low_usd` to `high_usd` is meant to hold. */
      confidence: number;
      /** When the projection passes the limit. Null: not in this window, or it is passed already. */
      projected_breach_at: string | null;
      method: 'weekday_trend' | 'run_rate' | 'none';
      history_days: number;
    };
  }[];
  next_cursor: string | null;
};

export type CreateAdminBudgetInput = {
  name: string;
  period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
  /** US dollars, more than 0, at most 999,999,999, with at most nine decimal places: a decimal text, or a number. */
  amount_usd: string | number;
  /** `hard` refuses calls with 402 beyond the limit; `soft` only tells. */
  enforcement?: 'hard' | 'soft' | undefined;
  /** What a window leaves is added to the limit of the next one, once. */
  rollover?: boolean | undefined;
  is_active?: boolean | undefined;
  scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
  /** Of the department, person (`users.id`) or key the id; of a feature the id or name. For other scopes none. */
  reference?: string | undefined;
  /** Shares of the limit; each tells once a window. Left out: 0.8. */
  alert_thresholds?: number[] | undefined;
  /** The same with one; not together with `alert_thresholds`. */
  alert_threshold?: number | undefined;
};

export type CreateAdminBudgetOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    warnings: {
      code: 'limit_reached' | 'over_allocated';
      message: string;
    }[];
  };
};

export type GetAdminBudgetOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
};

export type UpdateAdminBudgetInput = {
  name?: string | undefined;
  /** Another period is another count: what its window had before is taken over. */
  period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
  /** What was spent stays counted. */
  amount_usd?: string | number | undefined;
  /** Shares of the limit; each tells once a window. Left out: 0.8. */
  alert_thresholds?: number[] | undefined;
  /** The same with one; not together with `alert_thresholds`. */
  alert_threshold?: number | undefined;
  /** `hard` refuses calls with 402 beyond the limit; `soft` only tells. */
  enforcement?: 'hard' | 'soft' | undefined;
  /** What a window leaves is added to the limit of the next one, once. */
  rollover?: boolean | undefined;
  is_active?: boolean | undefined;
  /** As it is: a budget keeps its scope. */
  scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
  /** As it is. */
  reference?: string | null | undefined;
};

export type UpdateAdminBudgetOutput = {
  data: {
    id: string;
    name: string;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    reference: {
      id: string;
      name: string;
    } | null;
    period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
    /** US dollars, decimal, exact to nine places. */
    amount_usd: string;
    alert_thresholds: number[];
    enforcement: 'hard' | 'soft';
    rollover: boolean;
    is_active: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
    warnings: {
      code: 'limit_reached' | 'over_allocated';
      message: string;
    }[];
  };
};

export type GetAdminBudgetForecastOutput = {
  data: {
    budget_id: string;
    /** US dollars, decimal, exact to nine places. */
    spent_usd: string;
    /** US dollars, decimal, exact to nine places. */
    limit_usd: string;
    window_start: string;
    resets_at: string;
    /** At the end of the window, from what the days before cost. */
    projected_usd: string;
    /** US dollars, decimal, exact to nine places. */
    low_usd: string;
    /** US dollars, decimal, exact to nine places. */
    high_usd: string;
    /** The share of outcomes that the interval from `low_usd` to `high_usd` is meant to hold. */
    confidence: number;
    /** When the projection passes the limit. Null: not in this window, or it is passed already. */
    projected_breach_at: string | null;
    method: 'weekday_trend' | 'run_rate' | 'none';
    history_days: number;
    /** Null: there is too little history to have tested the method on; the interval is then assumed. */
    error: {
      /** Mean absolute error as a share of the outcome, of forecasts made at times past for as long a stretch as is left. */
      mape: number | null;
      /** Share of outcomes within the interval that was known then. Null: too few to say. */
      coverage: number | null;
      /** Stretches compared. */
      windows: number;
    } | null;
  };
};

export type SendChatMessageInput = {
  /** Left out with `regenerate` alone. */
  message?: string | undefined;
  /** Talks as this persona; fixed for the conversation. */
  personaId?: string | undefined;
  /** Uses this template; fixed for the conversation. */
  templateId?: number | undefined;
  /** Goes on with this one; left out: a new one. */
  conversationId?: string | undefined;
  /** A model of the catalog; left out: what the person prefers. */
  model?: string | undefined;
  /** Another answer in place of the last one of the conversation. */
  regenerate?: boolean | undefined;
};

export type ListConversationsOutput = {
  data: {
    id: string;
    title: string;
    personaId: string | null;
    templateId: number | null;
    isArchived: boolean;
    lastMessageAt: string;
    createdAt: string;
    updatedAt: string;
  }[];
  next_cursor: string | null;
};

export type ListConversationCountsOutput = {
  data: {
    user: {
      id: string;
      name: string;
    };
    conversations: number;
    messages: number;
    lastMessageAt: string;
  }[];
  next_cursor: string | null;
};

export type GetConversationOutput = {
  data: {
    id: string;
    title: string;
    personaId: string | null;
    templateId: number | null;
    isArchived: boolean;
    lastMessageAt: string;
    createdAt: string;
    updatedAt: string;
    messages: {
      data: {
        id: string;
        role: 'user' | 'assistant';
        content: string;
        status: 'complete' | 'streaming' | 'cancelled' | 'failed';
        finish_reason: string | null;
        /** What failed, or which limit cut it. */
        code: string | null;
        model: string | null;
        fallback: string | null;
        tokens: {
          input: number;
          output: number;
        } | null;
        cost_usd: string | null;
        isTrial: boolean;
        /** Id of the call in the usage. */
        requestId: string | null;
        createdAt: string;
      }[];
      next_cursor: string | null;
    };
  };
};

export type UpdateConversationInput = {
  title?: string | undefined;
  isArchived?: boolean | undefined;
};

export type UpdateConversationOutput = {
  data: {
    id: string;
    title: string;
    personaId: string | null;
    templateId: number | null;
    isArchived: boolean;
    lastMessageAt: string;
    createdAt: string;
    updatedAt: string;
  };
};

export type ListNotificationsOutput = {
  data: {
    id: string;
    type: string;
    title: string;
    body: string;
    /** What the text was made of, and what it leads to. */
    data: Record<string, unknown>;
    /** Null: of the platform, or of the person alone. */
    organization: {
      id: string;
      name: string;
    } | null;
    read_at: string | null;
    created_at: string;
  }[];
  next_cursor: string | null;
};

export type CountUnreadNotificationsOutput = {
  data: {
    count: number;
  };
};

export type MarkNotificationsReadInput = {
  ids: string[];
} | {
  all: true;
};

export type MarkNotificationsReadOutput = {
  data: {
    /** Those that were not read before. */
    marked: number;
  };
};

export type GetNotificationPreferencesOutput = {
  data: {
    type: 'budget_threshold' | 'budget_forecast' | 'credits_low' | 'credits_granted' | 'limit_requested' | 'limit_approved' | 'limit_approved_until' | 'limit_denied' | 'limits_renewed' | 'access_granted' | 'access_granted_organization' | 'alert' | 'weekly_digest' | 'monthly_report';
    group: string;
    description: string;
    channels: {
      channel: 'in_app' | 'email' | 'webhook';
      is_enabled: boolean;
    }[];
  }[];
};

export type UpdateNotificationPreferencesInput = {
  preferences: {
    type: 'budget_threshold' | 'budget_forecast' | 'credits_low' | 'credits_granted' | 'limit_requested' | 'limit_approved' | 'limit_approved_until' | 'limit_denied' | 'limits_renewed' | 'access_granted' | 'access_granted_organization' | 'alert' | 'weekly_digest' | 'monthly_report';
    channel: 'in_app' | 'email' | 'webhook';
    is_enabled: boolean;
  }[];
};

export type ListAlertsOutput = {
  data: {
    id: string;
    rule: string;
    title: string;
    organization: {
      id: string;
      name: string;
    } | null;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    /** What it is about: a provider, model, job, budget or the like. */
    scope_reference: string | null;
    budget_id: string | null;
    value: number;
    threshold: number;
    details: Record<string, unknown>;
    status: 'open' | 'acknowledged' | 'resolved';
    fired_at: string;
    resolved_at: string | null;
    acknowledged_by: string | null;
    acknowledged_at: string | null;
  }[];
  next_cursor: string | null;
};

export type AcknowledgeAlertOutput = {
  data: {
    id: string;
    rule: string;
    title: string;
    organization: {
      id: string;
      name: string;
    } | null;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    /** What it is about: a provider, model, job, budget or the like. */
    scope_reference: string | null;
    budget_id: string | null;
    value: number;
    threshold: number;
    details: Record<string, unknown>;
    status: 'open' | 'acknowledged' | 'resolved';
    fired_at: string;
    resolved_at: string | null;
    acknowledged_by: string | null;
    acknowledged_at: string | null;
  };
};

export type ListOrganizationAlertRulesOutput = {
  data: {
    key: 'rate_limit_denials' | 'entitlement_denials' | 'fallbacks' | 'spend_anomaly' | 'recording_failures' | 'unpriced_use' | 'provider_errors' | 'ledger_drift' | 'job_late' | 'disk' | 'certificate' | 'latency_credit_check' | 'latency_credit_deduct' | 'latency_credit_stats' | 'latency_api' | 'latency_dashboard';
    scope: 'organization' | 'platform';
    title: string;
    description: string;
    unit: string;
    is_enabled: boolean;
    /** On which side of the threshold. */
    fires: 'above' | 'below';
    threshold: number;
    window_minutes: number;
    channels: ('in_app' | 'email' | 'webhook')[];
    /** Whose values hold. */
    source: 'default' | 'platform' | 'organization';
    changed_by: string | null;
    changed_at: string | null;
  }[];
};

export type UpdateOrganizationAlertRuleInput = {
  is_enabled?: boolean | undefined;
  threshold?: number | undefined;
  window_minutes?: number | undefined;
  channels?: ('in_app' | 'email' | 'webhook')[] | undefined;
  /** Back to what holds without this change; alone. */
  reset?: true | undefined;
};

export type UpdateOrganizationAlertRuleOutput = {
  data: {
    key: 'rate_limit_denials' | 'entitlement_denials' | 'fallbacks' | 'spend_anomaly' | 'recording_failures' | 'unpriced_use' | 'provider_errors' | 'ledger_drift' | 'job_late' | 'disk' | 'certificate' | 'latency_credit_check' | 'latency_credit_deduct' | 'latency_credit_stats' | 'latency_api' | 'latency_dashboard';
    scope: 'organization' | 'platform';
    title: string;
    description: string;
    unit: string;
    is_enabled: boolean;
    /** On which side of the threshold. */
    fires: 'above' | 'below';
    threshold: number;
    window_minutes: number;
    channels: ('in_app' | 'email' | 'webhook')[];
    /** Whose values hold. */
    source: 'default' | 'platform' | 'organization';
    changed_by: string | null;
    changed_at: string | null;
  };
};

export type ListPlatformAlertsOutput = {
  data: {
    id: string;
    rule: string;
    title: string;
    organization: {
      id: string;
      name: string;
    } | null;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    /** What it is about: a provider, model, job, budget or the like. */
    scope_reference: string | null;
    budget_id: string | null;
    value: number;
    threshold: number;
    details: Record<string, unknown>;
    status: 'open' | 'acknowledged' | 'resolved';
    fired_at: string;
    resolved_at: string | null;
    acknowledged_by: string | null;
    acknowledged_at: string | null;
  }[];
  next_cursor: string | null;
};

export type AcknowledgePlatformAlertOutput = {
  data: {
    id: string;
    rule: string;
    title: string;
    organization: {
      id: string;
      name: string;
    } | null;
    scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
    /** What it is about: a provider, model, job, budget or the like. */
    scope_reference: string | null;
    budget_id: string | null;
    value: number;
    threshold: number;
    details: Record<string, unknown>;
    status: 'open' | 'acknowledged' | 'resolved';
    fired_at: string;
    resolved_at: string | null;
    acknowledged_by: string | null;
    acknowledged_at: string | null;
  };
};

export type ListAlertRulesOutput = {
  data: {
    key: 'rate_limit_denials' | 'entitlement_denials' | 'fallbacks' | 'spend_anomaly' | 'recording_failures' | 'unpriced_use' | 'provider_errors' | 'ledger_drift' | 'job_late' | 'disk' | 'certificate' | 'latency_credit_check' | 'latency_credit_deduct' | 'latency_credit_stats' | 'latency_api' | 'latency_dashboard';
    scope: 'organization' | 'platform';
    title: string;
    description: string;
    unit: string;
    is_enabled: boolean;
    /** On which side of the threshold. */
    fires: 'above' | 'below';
    threshold: number;
    window_minutes: number;
    channels: ('in_app' | 'email' | 'webhook')[];
    /** Whose values hold. */
    source: 'default' | 'platform' | 'organization';
    changed_by: string | null;
    changed_at: string | null;
  }[];
};

export type UpdateAlertRuleInput = {
  is_enabled?: boolean | undefined;
  threshold?: number | undefined;
  window_minutes?: number | undefined;
  channels?: ('in_app' | 'email' | 'webhook')[] | undefined;
  /** Back to what holds without this change; alone. */
  reset?: true | undefined;
};

export type UpdateAlertRuleOutput = {
  data: {
    key: 'rate_limit_denials' | 'entitlement_denials' | 'fallbacks' | 'spend_anomaly' | 'recording_failures' | 'unpriced_use' | 'provider_errors' | 'ledger_drift' | 'job_late' | 'disk' | 'certificate' | 'latency_credit_check' | 'latency_credit_deduct' | 'latency_credit_stats' | 'latency_api' | 'latency_dashboard';
    scope: 'organization' | 'platform';
    title: string;
    description: string;
    unit: string;
    is_enabled: boolean;
    /** On which side of the threshold. */
    fires: 'above' | 'below';
    threshold: number;
    window_minutes: number;
    channels: ('in_app' | 'email' | 'webhook')[];
    /** Whose values hold. */
    source: 'default' | 'platform' | 'organization';
    changed_by: string | null;
    changed_at: string | null;
  };
};

export type ListJobsOutput = {
  data: {
    name: string;
    title: string;
    /** When it runs, as cron in UTC. */
    schedule: string;
    next_run_at: string;
    /** It has not succeeded within the time that it may take. */
    is_late: boolean;
    late_after_minutes: number;
    last_run: {
      id: string;
      job: string;
      cause: 'schedule' | 'catch_up' | 'manual';
      status: 'running' | 'succeeded' | 'failed' | 'lost';
      attempt: number;
      started_at: string;
      finished_at: string | null;
      duration_ms: number | null;
      /** What it did, in numbers of its own. */
      counts: Record<string, number>;
      error: string | null;
    } | null;
    last_success_at: string | null;
  }[];
};

export type ListJobRunsOutput = {
  data: {
    id: string;
    job: string;
    cause: 'schedule' | 'catch_up' | 'manual';
    status: 'running' | 'succeeded' | 'failed' | 'lost';
    attempt: number;
    started_at: string;
    finished_at: string | null;
    duration_ms: number | null;
    /** What it did, in numbers of its own. */
    counts: Record<string, number>;
    error: string | null;
  }[];
  next_cursor: string | null;
};

export type RunJobOutput = {
  data: {
    job: string;
    queued: true;
  };
};

export type GetMyUsageOutput = {
  data: {
    from: string;
    /** Not included. */
    to: string;
    /** Days and hours are those of this zone. */
    time_zone: 'UTC';
    /** Calls booked by then are counted. */
    data_as_of: string;
    group_by: 'day' | 'hour' | 'user' | 'model' | 'model_type' | 'provider' | 'template' | 'feature' | 'department' | 'key' | 'status' | 'environment';
    totals: {
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
      /** People who made a call. */
      active_users: number;
      /** Estimated from a histogram; null: nothing was measured. */
      latency_ms: {
        p50: number;
        p95: number;
      } | null;
    };
    /** The stretch before, equally long; null for `all`. */
    comparison: {
      from: string;
      /** Not included. */
      to: string;
      totals: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      };
      change_percent: {
        requests: number | null;
        errors: number | null;
        total_tokens: number | null;
        cost_usd: number | null;
      };
    } | null;
    interval: 'hour' | 'day' | 'month';
    /** Oldest first, without gaps. */
    series: {
      at: string;
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
    }[];
    /** Days and hours in their order, anything else by `sort`, most first. */
    rows: {
      /** Null: calls that have none. */
      key: string | null;
      label: string;
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
      /** Of the total, 0 to 1. */
      cost_share: number | null;
      change_percent: {
        requests: number | null;
        errors: number | null;
        total_tokens: number | null;
        cost_usd: number | null;
      } | null;
    }[];
    /** All that comes after the rows, added up; null: nothing does. */
    other: {
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
    } | null;
    next_cursor: string | null;
  };
};

export type GetOrganizationUsageOutput = {
  data: {
    from: string;
    /** Not included. */
    to: string;
    /** Days and hours are those of this zone. */
    time_zone: 'UTC';
    /** Calls booked by then are counted. */
    data_as_of: string;
    group_by: 'day' | 'hour' | 'user' | 'model' | 'model_type' | 'provider' | 'template' | 'feature' | 'department' | 'key' | 'status' | 'environment';
    totals: {
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
      /** People who made a call. */
      active_users: number;
      /** Estimated from a histogram; null: nothing was measured. */
      latency_ms: {
        p50: number;
        p95: number;
      } | null;
    };
    /** The stretch before, equally long; null for `all`. */
    comparison: {
      from: string;
      /** Not included. */
      to: string;
      totals: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      };
      change_percent: {
        requests: number | null;
        errors: number | null;
        total_tokens: number | null;
        cost_usd: number | null;
      };
    } | null;
    interval: 'hour' | 'day' | 'month';
    /** Oldest first, without gaps. */
    series: {
      at: string;
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
    }[];
    /** Days and hours in their order, anything else by `sort`, most first. */
    rows: {
      /** Null: calls that have none. */
      key: string | null;
      label: string;
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
      /** Of the total, 0 to 1. */
      cost_share: number | null;
      change_percent: {
        requests: number | null;
        errors: number | null;
        total_tokens: number | null;
        cost_usd: number | null;
      } | null;
    }[];
    /** All that comes after the rows, added up; null: nothing does. */
    other: {
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
    } | null;
    next_cursor: string | null;
  };
};

export type ListUsageEventsOutput = {
  data: {
    id: string;
    occurred_at: string;
    user: {
      id: string;
      name: string | null;
    } | null;
    department_id: string | null;
    /** The virtual key. */
    key: {
      id: string;
      name: string | null;
    } | null;
    model: string;
    provider: string;
    model_type: 'system' | 'org_default' | 'user' | 'catalog';
    template: string | null;
    feature: string | null;
    environment: string;
    persona_id: string | null;
    /** `recorded` for a call made elsewhere. */
    route: string;
    status: 'success' | 'error' | 'timeout' | 'cancelled' | 'denied';
    error_code: string | null;
    input_tokens: number;
    output_tokens: number;
    cached_input_tokens: number;
    cache_write_tokens: number;
    reasoning_tokens: number;
    total_tokens: number;
    /** How the tokens are known. */
    token_source: 'provider' | 'counted' | 'estimated';
    /** An estimate that the truth has replaced since. */
    corrected: boolean;
    /** Charged; null: the model has no price. */
    cost_usd: string | null;
    latency_ms: number | null;
    first_token_ms: number | null;
    streamed: boolean;
    trial: boolean;
    retries: number;
    fallback_used: boolean;
    tags: Record<string, unknown> | null;
  }[];
  next_cursor: string | null;
};

export type GetUsageEventOutput = {
  data: {
    id: string;
    occurred_at: string;
    user: {
      id: string;
      name: string | null;
    } | null;
    department_id: string | null;
    /** The virtual key. */
    key: {
      id: string;
      name: string | null;
    } | null;
    model: string;
    provider: string;
    model_type: 'system' | 'org_default' | 'user' | 'catalog';
    template: string | null;
    feature: string | null;
    environment: string;
    persona_id: string | null;
    /** `recorded` for a call made elsewhere. */
    route: string;
    status: 'success' | 'error' | 'timeout' | 'cancelled' | 'denied';
    error_code: string | null;
    input_tokens: number;
    output_tokens: number;
    cached_input_tokens: number;
    cache_write_tokens: number;
    reasoning_tokens: number;
    total_tokens: number;
    /** How the tokens are known. */
    token_source: 'provider' | 'counted' | 'estimated';
    /** An estimate that the truth has replaced since. */
    corrected: boolean;
    /** Charged; null: the model has no price. */
    cost_usd: string | null;
    latency_ms: number | null;
    first_token_ms: number | null;
    streamed: boolean;
    trial: boolean;
    retries: number;
    fallback_used: boolean;
    tags: Record<string, unknown> | null;
    bill: {
      /** `not_charged`: it gave no answer, or charging was off; `estimated`: what was set aside, for nobody told how it ended; `given`: with the call, by whoever told of it; `unpriced`: the model has no price. */
      outcome: 'charged' | 'not_charged' | 'estimated' | 'given' | 'unpriced';
      /** What was charged. */
      cost_usd: string | null;
      price: {
        id: string;
        model: string;
        effective_from: string;
        /** The whole input was so long that every token cost more. */
        long_context: boolean;
      } | null;
      lines: {
        part: 'input' | 'cached_input' | 'cache_write' | 'cache_write_1h' | 'output' | 'reasoning' | 'request';
        /** Null: the price of the request itself. */
        tokens: number | null;
        usd_per_million: string | null;
        /** Tokens times price a million, to a thousand-millionth of a dollar. */
        cost_usd: string;
      }[];
      rounding: 'half_even_per_line';
      /** The lines added up; what was charged where it was charged. */
      lines_total_usd: string | null;
    };
  };
};

export type RecordUsageInput = {
  /** By it the call is booked once, however often it is told of. Left out: `Idempotency-Key`. */
  id?: string | undefined;
  /** At most 35 days ago. Left out: now. */
  occurred_at?: string | undefined;
  /** Id in the catalog, or the name of a model that is not in it. */
  model: string;
  /** For a model that is not in the catalog. */
  provider?: string | undefined;
  /** With cached and cache-write tokens. */
  input_tokens: number;
  /** With reasoning. */
  output_tokens?: number | undefined;
  cached_input_tokens?: number | undefined;
  cache_write_tokens?: number | undefined;
  reasoning_tokens?: number | undefined;
  /** What it cost. Left out: by the price of that day. */
  cost_usd?: string | undefined;
  status?: 'success' | 'error' | 'timeout' | 'cancelled' | undefined;
  error_code?: string | undefined;
  latency_ms?: number | undefined;
  first_token_ms?: number | undefined;
  /** A member. Left out: whose key or session it is. */
  user_id?: string | undefined;
  feature?: string | undefined;
  /** Its slug. */
  template?: string | undefined;
  environment?: 'development' | 'staging' | 'production' | undefined;
  /** Ten at most. */
  tags?: Record<string, string> | undefined;
};

export type RecordUsageOutput = {
  data: {
    /** Of the usage event. */
    id: string;
    /** False: it was told of before. */
    recorded: boolean;
    occurred_at: string;
    /** Null: the model has no price; an alert tells of it. */
    cost_usd: string | null;
    price_id: string | null;
  };
};

export type GetUsageReportOutput = {
  data: {
    organization: {
      id: string;
      name: string;
    };
    month: string;
    from: string;
    /** Not included; of the running month up to now. */
    to: string;
    /** The month is over. */
    complete: boolean;
    time_zone: 'UTC';
    generated_at: string;
    totals: {
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
    };
    /** The month before: of it as many days as of this one. */
    comparison: {
      month: string;
      totals: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      };
      change_percent: {
        requests: number | null;
        errors: number | null;
        total_tokens: number | null;
        cost_usd: number | null;
      };
    };
    /** The dearest first. */
    by_department: {
      rows: {
        key: string | null;
        label: string;
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
        cost_share: number | null;
        change_percent: {
          requests: number | null;
          errors: number | null;
          total_tokens: number | null;
          cost_usd: number | null;
        } | null;
      }[];
      other: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      } | null;
    };
    /** The dearest first. */
    by_model: {
      rows: {
        key: string | null;
        label: string;
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
        cost_share: number | null;
        change_percent: {
          requests: number | null;
          errors: number | null;
          total_tokens: number | null;
          cost_usd: number | null;
        } | null;
      }[];
      other: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      } | null;
    };
    /** The dearest first. */
    by_user: {
      rows: {
        key: string | null;
        label: string;
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
        cost_share: number | null;
        change_percent: {
          requests: number | null;
          errors: number | null;
          total_tokens: number | null;
          cost_usd: number | null;
        } | null;
      }[];
      other: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      } | null;
    };
    /** The dearest first. */
    by_feature: {
      rows: {
        key: string | null;
        label: string;
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
        cost_share: number | null;
        change_percent: {
          requests: number | null;
          errors: number | null;
          total_tokens: number | null;
          cost_usd: number | null;
        } | null;
      }[];
      other: {
        /** Calls, refused ones too. */
        requests: number;
        /** Calls that ended in an error or timeout. */
        errors: number;
        /** Calls that were refused. */
        denied: number;
        trial_requests: number;
        /** Calls that another model than the asked one served. */
        fallback_requests: number;
        /** Calls whose tokens are an estimate: nobody told how they ended. */
        estimated_requests: number;
        /** Calls whose model has no price: their cost is not in the sums. */
        unpriced_requests: number;
        input_tokens: number;
        output_tokens: number;
        /** Part of the input. */
        cached_input_tokens: number;
        /** Part of the input. */
        cache_write_tokens: number;
        /** Part of the output. */
        reasoning_tokens: number;
        /** Input and output. */
        total_tokens: number;
        /** Charged, in US dollars. */
        cost_usd: string;
        average_latency_ms: number | null;
        average_first_token_ms: number | null;
      } | null;
    };
    by_day: {
      at: string;
      /** Calls, refused ones too. */
      requests: number;
      /** Calls that ended in an error or timeout. */
      errors: number;
      /** Calls that were refused. */
      denied: number;
      trial_requests: number;
      /** Calls that another model than the asked one served. */
      fallback_requests: number;
      /** Calls whose tokens are an estimate: nobody told how they ended. */
      estimated_requests: number;
      /** Calls whose model has no price: their cost is not in the sums. */
      unpriced_requests: number;
      input_tokens: number;
      output_tokens: number;
      /** Part of the input. */
      cached_input_tokens: number;
      /** Part of the input. */
      cache_write_tokens: number;
      /** Part of the output. */
      reasoning_tokens: number;
      /** Input and output. */
      total_tokens: number;
      /** Charged, in US dollars. */
      cost_usd: string;
      average_latency_ms: number | null;
      average_first_token_ms: number | null;
    }[];
  };
};

export type PreviewImpactInput = {
  proposal: {
    kind: 'template_limit';
    /** Id of the template. */
    template_id: number;
    /** For each person. Null: the template’s own limit. */
    tokens: number | null;
  } | {
    kind: 'organization_quota';
    /** Of the organization in a month. Null: the plan’s. */
    tokens: number | null;
  } | {
    kind: 'daily_messages';
    model_id: string;
    /** Of each person in a day. Null: unlimited. */
    messages: number | null;
  } | {
    kind: 'budget';
    /** One that there is: what is left out stays as it is. Left out: a new one. */
    budget_id?: string | undefined;
    /** Of a new one. */
    scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
    /** Of a new one: id of the department, person or key; id or name of the feature. */
    reference?: string | undefined;
    /** US dollars, more than 0: a decimal text with at most nine places, or a number. */
    amount_usd: string | number;
    /** Left out: as it is, or monthly. */
    period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
    /** Left out: as it is, or `hard`. `soft` blocks nobody. */
    enforcement?: 'hard' | 'soft' | undefined;
    rollover?: boolean | undefined;
  } | {
    kind: 'plan';
    plan: 'free' | 'starter' | 'pro' | 'enterprise';
  } | {
    kind: 'price';
    model_id: string;
    price: {
      /** US dollars as a decimal: `"0.15"`. */
      inputUsdPerMillion: string;
      /** US dollars as a decimal: `"0.15"`. */
      outputUsdPerMillion: string;
      /** Null or left out: as input. */
      cachedInputUsdPerMillion?: string | null | undefined;
      /** Null or left out: as input. */
      cacheWriteUsdPerMillion?: string | null | undefined;
      /** Null or left out: as other cache writes. */
      cacheWrite1hUsdPerMillion?: string | null | undefined;
      /** Null or left out: as output. */
      reasoningUsdPerMillion?: string | null | undefined;
      /** For each call, whatever its size. */
      requestUsd?: string | undefined;
      longContext?: {
        /** Once the whole input is longer, all tokens of the call cost this. */
        aboveTokens: number;
        /** US dollars as a decimal: `"0.15"`. */
        inputUsdPerMillion: string;
        /** US dollars as a decimal: `"0.15"`. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion?: string | null | undefined;
        cacheWriteUsdPerMillion?: string | null | undefined;
        cacheWrite1hUsdPerMillion?: string | null | undefined;
      } | null | undefined;
    };
  } | {
    kind: 'model_switch';
    from_model_id: string;
    /** Answers in its place, with as many tokens. */
    to_model_id: string;
  };
  /** The last ones, in UTC. */
  days?: number | undefined;
};

export type PreviewImpactOutput = {
  data: {
    kind: 'template_limit' | 'organization_quota' | 'plan_quota' | 'daily_messages' | 'budget' | 'plan' | 'price' | 'model_switch';
    as_of: string;
    from: string;
    /** Not included. */
    to: string;
    /** Earlier than `to` where the replay was cut off. */
    replayed_to: string;
    /** The windows that were open at `from` are counted from their beginning. */
    counted_from: string;
    /** Read, with those before `from`. */
    events_replayed: number;
    /** Every call is replayed, none is guessed. */
    sampled: false;
    /** What the replay ran out of: what is told is of the calls up to `replayed_to`. */
    truncated: 'events' | 'time' | 'people' | null;
    /** For proposals of one limit. */
    limit: {
      meter: string;
      unit: 'tokens' | 'messages' | 'usd';
      window: string;
      /** Null: none, or not the same for all. */
      current: string | null;
      /** Null: none, or not the same for all. */
      proposed: string | null;
    } | null;
    calls: {
      /** That happened, of those the proposal is about; refused ones are in `denied_then`. */
      total: number;
      /** The proposal would block, what is in force today would not. */
      blocked: number;
      /** 0.25 is a quarter. */
      blocked_share: number;
      /** What is in force today would block, the proposal would not. */
      freed: number;
      /** Both would block: limits were other then. */
      blocked_either_way: number;
      /** Let through with less left than they used. */
      cut_short: number;
    };
    people: {
      /** With calls; all service keys of an organization are one. */
      active: number;
      blocked: number;
      /** Those with most blocked calls. */
      list: {
        /** Null: service keys. */
        user: {
          id: string;
          name: string | null;
        } | null;
        organization_id: string;
        first_blocked_at: string;
        days_blocked: number;
        blocked_calls: number;
        calls: number;
        /** 0.25 is a quarter. */
        blocked_share: number;
        /** The error at first. */
        code: string;
      }[];
    };
    reasons: {
      code: string;
      blocked_calls: number;
    }[];
    days: {
      day: string;
      calls: number;
      blocked_calls: number;
      blocked_people: number;
      /** What the calls were charged. */
      as_was_usd: string;
      /** What those that would not be blocked would be charged. */
      would_be_usd: string;
      /** Would be, less as was. */
      difference_usd: string;
    }[];
    cost: {
      /** What the calls were charged. */
      as_was_usd: string;
      /** What those that would not be blocked would be charged. */
      would_be_usd: string;
      /** Would be, less as was. */
      difference_usd: string;
      /** Null: nothing was charged. */
      change_percent: number | null;
      /** Without a price then: nothing in `as_was_usd`. */
      unpriced_calls: number;
      /** Estimated, or told of with their cost: counted as they were. */
      not_repriced_calls: number;
    };
    /** Of a limit that an organization, or a budget, has as a whole; in the unit of `limit`. */
    windows: {
      from: string;
      to: string;
      limit: string;
      /** What the calls came to that happened. */
      demand: string;
      reached_at: string | null;
    }[] | null;
    /** Refused at that time for what the proposal changes: they carry no tokens and are not replayed. */
    denied_then: {
      calls: number;
      people: number;
      reasons: {
        code: string;
        calls: number;
      }[];
    };
    /** For another model. */
    fit: {
      /** That the model has and the other has not. */
      missing_capabilities: string[];
      /** Calls with more tokens than the other model takes. */
      beyond_context_window: number;
      /** Calls with longer answers than the other model gives. */
      beyond_max_output: number;
      /** Calls of people who have no right to the other model but its trial. */
      on_trial: number;
    } | null;
    /** For another plan: the price of the plan itself, which is not in `cost`. */
    plan: {
      current: string;
      proposed: string;
      /** Null: by agreement. */
      current_monthly_usd: string | null;
      proposed_monthly_usd: string | null;
    } | null;
    assumptions: string[];
  };
};

export type PreviewPlatformImpactInput = {
  proposal: {
    kind: 'template_limit';
    /** Id of the template. */
    template_id: number;
    /** The template’s own, for each person. Null: none. */
    tokens: number | null;
    /** Left out: as it is, or monthly. */
    period?: 'daily' | 'weekly' | 'monthly' | undefined;
  } | {
    kind: 'plan_quota';
    plan: 'free' | 'starter' | 'pro' | 'enterprise';
    /** In a month, of organizations without a quota of their own. Null: unlimited. */
    tokens: number | null;
  } | {
    kind: 'organization_quota';
    /** Of the organization in a month. Null: the plan’s. */
    tokens: number | null;
  } | {
    kind: 'daily_messages';
    model_id: string;
    /** Of each person in a day. Null: unlimited. */
    messages: number | null;
  } | {
    kind: 'budget';
    /** One that there is: what is left out stays as it is. Left out: a new one. */
    budget_id?: string | undefined;
    /** Of a new one. */
    scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
    /** Of a new one: id of the department, person or key; id or name of the feature. */
    reference?: string | undefined;
    /** US dollars, more than 0: a decimal text with at most nine places, or a number. */
    amount_usd: string | number;
    /** Left out: as it is, or monthly. */
    period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
    /** Left out: as it is, or `hard`. `soft` blocks nobody. */
    enforcement?: 'hard' | 'soft' | undefined;
    rollover?: boolean | undefined;
  } | {
    kind: 'plan';
    plan: 'free' | 'starter' | 'pro' | 'enterprise';
  } | {
    kind: 'price';
    model_id: string;
    price: {
      /** US dollars as a decimal: `"0.15"`. */
      inputUsdPerMillion: string;
      /** US dollars as a decimal: `"0.15"`. */
      outputUsdPerMillion: string;
      /** Null or left out: as input. */
      cachedInputUsdPerMillion?: string | null | undefined;
      /** Null or left out: as input. */
      cacheWriteUsdPerMillion?: string | null | undefined;
      /** Null or left out: as other cache writes. */
      cacheWrite1hUsdPerMillion?: string | null | undefined;
      /** Null or left out: as output. */
      reasoningUsdPerMillion?: string | null | undefined;
      /** For each call, whatever its size. */
      requestUsd?: string | undefined;
      longContext?: {
        /** Once the whole input is longer, all tokens of the call cost this. */
        aboveTokens: number;
        /** US dollars as a decimal: `"0.15"`. */
        inputUsdPerMillion: string;
        /** US dollars as a decimal: `"0.15"`. */
        outputUsdPerMillion: string;
        cachedInputUsdPerMillion?: string | null | undefined;
        cacheWriteUsdPerMillion?: string | null | undefined;
        cacheWrite1hUsdPerMillion?: string | null | undefined;
      } | null | undefined;
    };
  } | {
    kind: 'model_switch';
    from_model_id: string;
    /** Answers in its place, with as many tokens. */
    to_model_id: string;
  };
  /** The last ones, in UTC. */
  days?: number | undefined;
  /** Left out: all. `plan`, `organization_quota` and new budgets within an organization need one. */
  organization_id?: string | undefined;
};

export type PreviewPlatformImpactOutput = {
  data: {
    kind: 'template_limit' | 'organization_quota' | 'plan_quota' | 'daily_messages' | 'budget' | 'plan' | 'price' | 'model_switch';
    as_of: string;
    from: string;
    /** Not included. */
    to: string;
    /** Earlier than `to` where the replay was cut off. */
    replayed_to: string;
    /** The windows that were open at `from` are counted from their beginning. */
    counted_from: string;
    /** Read, with those before `from`. */
    events_replayed: number;
    /** Every call is replayed, none is guessed. */
    sampled: false;
    /** What the replay ran out of: what is told is of the calls up to `replayed_to`. */
    truncated: 'events' | 'time' | 'people' | null;
    /** For proposals of one limit. */
    limit: {
      meter: string;
      unit: 'tokens' | 'messages' | 'usd';
      window: string;
      /** Null: none, or not the same for all. */
      current: string | null;
      /** Null: none, or not the same for all. */
      proposed: string | null;
    } | null;
    calls: {
      /** That happened, of those the proposal is about; refused ones are in `denied_then`. */
      total: number;
      /** The proposal would block, what is in force today would not. */
      blocked: number;
      /** 0.25 is a quarter. */
      blocked_share: number;
      /** What is in force today would block, the proposal would not. */
      freed: number;
      /** Both would block: limits were other then. */
      blocked_either_way: number;
      /** Let through with less left than they used. */
      cut_short: number;
    };
    people: {
      /** With calls; all service keys of an organization are one. */
      active: number;
      blocked: number;
      /** Those with most blocked calls. */
      list: {
        /** Null: service keys. */
        user: {
          id: string;
          name: string | null;
        } | null;
        organization_id: string;
        first_blocked_at: string;
        days_blocked: number;
        blocked_calls: number;
        calls: number;
        /** 0.25 is a quarter. */
        blocked_share: number;
        /** The error at first. */
        code: string;
      }[];
    };
    reasons: {
      code: string;
      blocked_calls: number;
    }[];
    days: {
      day: string;
      calls: number;
      blocked_calls: number;
      blocked_people: number;
      /** What the calls were charged. */
      as_was_usd: string;
      /** What those that would not be blocked would be charged. */
      would_be_usd: string;
      /** Would be, less as was. */
      difference_usd: string;
    }[];
    cost: {
      /** What the calls were charged. */
      as_was_usd: string;
      /** What those that would not be blocked would be charged. */
      would_be_usd: string;
      /** Would be, less as was. */
      difference_usd: string;
      /** Null: nothing was charged. */
      change_percent: number | null;
      /** Without a price then: nothing in `as_was_usd`. */
      unpriced_calls: number;
      /** Estimated, or told of with their cost: counted as they were. */
      not_repriced_calls: number;
    };
    /** Of a limit that an organization, or a budget, has as a whole; in the unit of `limit`. */
    windows: {
      from: string;
      to: string;
      limit: string;
      /** What the calls came to that happened. */
      demand: string;
      reached_at: string | null;
    }[] | null;
    /** Refused at that time for what the proposal changes: they carry no tokens and are not replayed. */
    denied_then: {
      calls: number;
      people: number;
      reasons: {
        code: string;
        calls: number;
      }[];
    };
    /** For another model. */
    fit: {
      /** That the model has and the other has not. */
      missing_capabilities: string[];
      /** Calls with more tokens than the other model takes. */
      beyond_context_window: number;
      /** Calls with longer answers than the other model gives. */
      beyond_max_output: number;
      /** Calls of people who have no right to the other model but its trial. */
      on_trial: number;
    } | null;
    /** For another plan: the price of the plan itself, which is not in `cost`. */
    plan: {
      current: string;
      proposed: string;
      /** Null: by agreement. */
      current_monthly_usd: string | null;
      proposed_monthly_usd: string | null;
    } | null;
    assumptions: string[];
    organizations: {
      active: number;
      /** With blocked calls. */
      blocked: number;
      /** Those with most blocked calls, then those whose cost would change most. */
      list: {
        organization: {
          id: string;
          name: string | null;
        };
        calls: number;
        blocked_calls: number;
        blocked_people: number;
        /** What the calls were charged. */
        as_was_usd: string;
        /** What those that would not be blocked would be charged. */
        would_be_usd: string;
        /** Would be, less as was. */
        difference_usd: string;
      }[];
    };
  };
};

export type ListPurchasesOutput = {
  data: {
    id: string;
    /** As it was sold. */
    productName: string;
    amountCents: number;
    /** ISO 4217 in small letters. */
    currency: string;
    status: 'pending' | 'completed' | 'refunded' | 'failed';
    /** Who bought; null: gone. */
    user: {
      id: string;
      name: string | null;
    } | null;
    /** Null: a purchase of a person for themselves. */
    organizationId: string | null;
    createdAt: string;
    completedAt: string | null;
    refundedAt: string | null;
    unlocked: {
      /** Null: the product is gone, and nothing says what it was. */
      type: 'model' | 'plan' | 'credit_pack' | null;
      modelId: string | null;
      plan: string | null;
      credits: {
        tokenType: string;
        amount: number;
      } | null;
      /** The right that came of it; null: none (not paid, plans, credits), or a right of a person that is not for the reader to see. */
      entitlement: {
        id: string;
        grantedAt: string;
        /** Null: without end. */
        expiresAt: string | null;
        revokedAt: string | null;
        isActive: boolean;
      } | null;
    };
  }[];
  next_cursor: string | null;
};

export type ListAllPurchasesOutput = {
  data: {
    id: string;
    /** As it was sold. */
    productName: string;
    amountCents: number;
    /** ISO 4217 in small letters. */
    currency: string;
    status: 'pending' | 'completed' | 'refunded' | 'failed';
    user: {
      id: string;
      name: string;
      email: string;
    } | null;
    /** Null: a purchase of a person for themselves. */
    organizationId: string | null;
    createdAt: string;
    completedAt: string | null;
    refundedAt: string | null;
    unlocked: {
      /** Null: the product is gone, and nothing says what it was. */
      type: 'model' | 'plan' | 'credit_pack' | null;
      modelId: string | null;
      plan: string | null;
      credits: {
        tokenType: string;
        amount: number;
      } | null;
      /** The right that came of it; null: none (not paid, plans, credits), or a right of a person that is not for the reader to see. */
      entitlement: {
        id: string;
        grantedAt: string;
        /** Null: without end. */
        expiresAt: string | null;
        revokedAt: string | null;
        isActive: boolean;
      } | null;
    };
    organization: {
      id: string;
      name: string;
      slug: string;
    } | null;
    stripeSessionId: string | null;
    stripePaymentIntentId: string | null;
  }[];
  next_cursor: string | null;
};

export type ListProductEventsOutput = {
  data: {
    id: string;
    /** ISO 8601 in UTC, to the microsecond. Of a call: when it was booked. */
    at: string;
    name: string;
    /** As the name has them; ids of models and the like, no text of people. */
    properties: Record<string, unknown>;
    organization_id: string | null;
    user_id: string | null;
    /** The call that it tells of. */
    request_id: string | null;
  }[];
  next_cursor: string | null;
};

/** The client: a group for each noun, a method for each operation. */
export interface WeirClient {
  readonly signIn: {
    /** Make an account. Answers the same for an address that has one already; its owner is told by mail. `POST /api/auth/sign-up/email`, least role: anonymous. */
    signUp(request: { body: SignUpInput } & RequestOptions): Call<SignUpOutput>;
    /** Sign in with address and password. Sets the session cookie, unless a second factor is asked for: then `two-factor/verify-totp` sets it. `POST /api/auth/sign-in/email`, least role: anonymous. */
    signIn(request: { body: SignInInput } & RequestOptions): Call<SignInOutput>;
    /** The ways to sign in besides a password. `GET /api/auth/providers`, least role: anonymous. */
    listSignInProviders(request?: RequestOptions): Call<ListSignInProvidersOutput>;
    /** Begin to sign in with another provider. Answers with the address to send the browser to. The paths lead back into the portal. `POST /api/auth/sign-in/social`, least role: anonymous. */
    signInSocial(request: { body: SignInSocialInput } & RequestOptions): Call<SignInSocialOutput>;
    /** End the session. `POST /api/auth/sign-out`, least role: anonymous. */
    signOut(request?: RequestOptions): Call<void>;
    /** The session, prolonged when it is older than a day; null for nobody. `GET /api/auth/get-session`, least role: anonymous. */
    getSession(request?: RequestOptions): Call<GetSessionOutput>;
    /** Send the mail that verifies an address again. Answers the same whether or not there is an account. `POST /api/auth/send-verification-email`, least role: anonymous. */
    sendVerificationEmail(request: { body: SendVerificationEmailInput } & RequestOptions): Call<void>;
    /** Verify an address with the token of the mail. `POST /api/auth/verify-email`, least role: anonymous. */
    verifyEmail(request: { body: VerifyEmailInput } & RequestOptions): Call<void>;
    /** Ask for a mail that lets one set a new password. Answers the same whether or not there is an account. `POST /api/auth/request-password-reset`, least role: anonymous. */
    requestPasswordReset(request: { body: RequestPasswordResetInput } & RequestOptions): Call<void>;
    /** Set a new password with the token of the mail; ends every session. `POST /api/auth/reset-password`, least role: anonymous. */
    resetPassword(request: { body: ResetPasswordInput } & RequestOptions): Call<void>;
    /** Change the password; ends every other session. `POST /api/auth/change-password`, least role: user. */
    changePassword(request: { body: ChangePasswordInput } & RequestOptions): Call<void>;
    /** Change the name or the picture. `POST /api/auth/update-user`, least role: user. */
    updateUser(request?: { body?: UpdateUserInput } & RequestOptions): Call<void>;
    /** The live sessions of the caller. `GET /api/auth/sessions`, least role: user. */
    listSessions(request?: RequestOptions): Call<ListSessionsOutput>;
    /** End a session of the caller. `DELETE /api/auth/sessions/{id}`, least role: user. */
    revokeSession(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** End every session of the caller but this one. `POST /api/auth/sessions/revoke-others`, least role: user. */
    revokeOtherSessions(request?: RequestOptions): Call<void>;
    /** Begin to use a second factor. In force once a first code has been verified. The recovery codes are shown this once. `POST /api/auth/two-factor/enable`, least role: user. */
    enableTwoFactor(request: { body: EnableTwoFactorInput } & RequestOptions): Call<EnableTwoFactorOutput>;
    /** Give the code of the second factor: to finish signing in, or to put the factor in force. `POST /api/auth/two-factor/verify-totp`, least role: anonymous. */
    verifyTotp(request: { body: VerifyTotpInput } & RequestOptions): Call<VerifyTotpOutput>;
    /** Finish signing in with a recovery code, which is used up. `POST /api/auth/two-factor/verify-recovery-code`, least role: anonymous. */
    verifyRecoveryCode(request: { body: VerifyRecoveryCodeInput } & RequestOptions): Call<VerifyRecoveryCodeOutput>;
    /** Make new recovery codes; the old ones are void. `POST /api/auth/two-factor/recovery-codes`, least role: user. */
    renewRecoveryCodes(request: { body: RenewRecoveryCodesInput } & RequestOptions): Call<RenewRecoveryCodesOutput>;
    /** Stop using a second factor. `POST /api/auth/two-factor/disable`, least role: user. */
    disableTwoFactor(request: { body: DisableTwoFactorInput } & RequestOptions): Call<void>;
  };
  readonly organizations: {
    /** Make an organization; who makes it owns it. `POST /api/organizations`, least role: user. */
    create(request: { body: CreateOrganizationInput } & RequestOptions): Call<CreateOrganizationOutput>;
    /** The organizations the caller is a member of. `GET /api/organizations`, least role: user. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListOrganizationsOutput['data'][number]>;
    /** One organization. `GET /api/organizations/{id}`, least role: member. */
    get(request: { params: {
        /** Id or slug of the organization. */
        id: string;
      } } & RequestOptions): Call<GetOrganizationOutput>;
    /** Change an organization; what is left out stays. Plan, quota, status and limits of custom models are the platform’s and refused here. Takes `If-Match`. `PUT /api/organizations/{id}`, least role: admin. */
    update(request: { params: {
        /** Id or slug of the organization. */
        id: string;
      }; body: UpdateOrganizationInput } & RequestOptions): Call<UpdateOrganizationOutput>;
    /** Delete an organization after 30 days. Its calls are answered until then; `restore` takes it back. `DELETE /api/organizations/{id}`, least role: owner. */
    delete(request: { params: {
        /** Id or slug of the organization. */
        id: string;
      } } & RequestOptions): Call<void>;
    /** Take a deletion back. `POST /api/organizations/{id}/restore`, least role: owner. */
    restore(request: { params: {
        /** Id or slug of the organization. */
        id: string;
      } } & RequestOptions): Call<RestoreOrganizationOutput>;
  };
  readonly me: {
    /** Who the caller is, their memberships, and whether somebody acts as them. `GET /api/me`, least role: user. */
    get(request?: RequestOptions): Call<GetMeOutput>;
    /** The permission matrix and what the caller may. `GET /api/permissions`, least role: member. */
    getPermissions(request?: RequestOptions): Call<GetPermissionsOutput>;
  };
  readonly members: {
    /** The people of the organization, by name. `GET /api/organizations/users`, least role: admin. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        /** In name or address. */
        search?: string | undefined;
        role?: 'owner' | 'admin' | 'member' | undefined;
        department_id?: string | 'none' | undefined;
        status?: 'active' | 'paused' | undefined;
      } } & RequestOptions): PageCall<ListMembersOutput['data'][number]>;
    /** One person of the organization. `GET /api/organizations/users/{id}`, least role: admin. */
    get(request: { params: {
        /** The user's id. */
        id: string;
      } } & RequestOptions): Call<GetMemberOutput>;
    /** Change role or department; what is left out stays. Nobody changes their own role. Owners alone make owners and change those there are. Takes `If-Match`. `PUT /api/organizations/users/{id}`, least role: admin. */
    update(request: { params: {
        /** The user's id. */
        id: string;
      }; body: UpdateMemberInput } & RequestOptions): Call<UpdateMemberOutput>;
    /** Remove somebody from the organization; their keys end. `DELETE /api/organizations/users/{id}`, least role: admin. */
    remove(request: { params: {
        /** The user's id. */
        id: string;
      } } & RequestOptions): Call<void>;
    /** Refuse somebody's calls for now, and tell them. `POST /api/organizations/users/{id}/pause`, least role: admin. */
    pause(request: { params: {
        /** The user's id. */
        id: string;
      }; body?: PauseMemberInput } & RequestOptions): Call<PauseMemberOutput>;
    /** Answer somebody's calls again, and tell them. `POST /api/organizations/users/{id}/resume`, least role: admin. */
    resume(request: { params: {
        /** The user's id. */
        id: string;
      } } & RequestOptions): Call<ResumeMemberOutput>;
    /** Leave the organization; the own keys in it end. `POST /api/organizations/leave`, least role: member. */
    leaveOrganization(request?: RequestOptions): Call<void>;
    /** Make a member the owner and oneself an admin. `POST /api/organizations/transfer-ownership`, least role: owner. */
    transferOwnership(request: { body: TransferOwnershipInput } & RequestOptions): Call<TransferOwnershipOutput>;
  };
  readonly invitations: {
    /** Invite one address, or up to 100 at once. Give `email`, or `invitations`. Each address has its own result; addresses that are members or invited already get no second mail. When the plan has no room for all that are new, nobody is invited. `POST /api/organizations/invite`, least role: admin. */
    inviteMembers(request: { body: InviteMembersInput } & RequestOptions): Call<InviteMembersOutput>;
    /** The invitations of the organization, newest first. `GET /api/organizations/invitations`, least role: admin. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        status?: 'pending' | 'accepted' | 'revoked' | 'expired' | undefined;
        /** In the address. */
        search?: string | undefined;
      } } & RequestOptions): PageCall<ListInvitationsOutput['data'][number]>;
    /** Send an invitation again, with a new link and seven more days; the old link is void. `POST /api/organizations/invitations/{id}/resend`, least role: admin. */
    resend(request: { params: {
        id: string;
      } } & RequestOptions): Call<ResendInvitationOutput>;
    /** Take an invitation back. `POST /api/organizations/invitations/{id}/revoke`, least role: admin. */
    revoke(request: { params: {
        id: string;
      } } & RequestOptions): Call<RevokeInvitationOutput>;
    /** What an invitation is to, for whoever holds its link. `POST /api/organizations/invitations/preview`, least role: anonymous. */
    preview(request: { body: PreviewInvitationInput } & RequestOptions): Call<PreviewInvitationOutput>;
    /** Join an organization; the own verified address must be the invited one. `POST /api/organizations/invitations/accept`, least role: user. */
    accept(request: { body: AcceptInvitationInput } & RequestOptions): Call<AcceptInvitationOutput>;
  };
  readonly departments: {
    /** The departments of the organization, by name. `GET /api/departments`, least role: member. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListDepartmentsOutput['data'][number]>;
    /** Make a department. `POST /api/departments`, least role: admin. */
    create(request: { body: CreateDepartmentInput } & RequestOptions): Call<CreateDepartmentOutput>;
    /** Change a department; what is left out stays. `PATCH /api/departments/{id}`, least role: admin. */
    update(request: { params: {
        id: string;
      }; body: UpdateDepartmentInput } & RequestOptions): Call<UpdateDepartmentOutput>;
    /** Delete a department; its members are then without one, its budgets end. `DELETE /api/departments/{id}`, least role: admin. */
    delete(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly domains: {
    /** The domains of the organization, by name. `GET /api/organizations/domains`, least role: admin. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListDomainsOutput['data'][number]>;
    /** Claim a domain. `POST /api/organizations/domains`, least role: admin. */
    create(request: { body: CreateDomainInput } & RequestOptions): Call<CreateDomainOutput>;
    /** Look for the proof of a domain. Answers 409 with what is missing while there is no proof; a verified domain stays verified. `POST /api/organizations/domains/{id}/verify`, least role: admin. */
    verify(request: { params: {
        id: string;
      } } & RequestOptions): Call<VerifyDomainOutput>;
    /** Change how a domain is proven, or whether people join by it. `PATCH /api/organizations/domains/{id}`, least role: admin. */
    update(request: { params: {
        id: string;
      }; body: UpdateDomainInput } & RequestOptions): Call<UpdateDomainOutput>;
    /** Give a domain up; its members stay. `DELETE /api/organizations/domains/{id}`, least role: admin. */
    delete(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly onboarding: {
    /** Where the caller is in the onboarding wizard. `GET /api/onboarding`, least role: user. */
    get(request?: RequestOptions): Call<GetOnboardingOutput>;
    /** Note how far the wizard is; steps left out stay. `PUT /api/onboarding`, least role: user. */
    update(request: { body: UpdateOnboardingInput } & RequestOptions): Call<UpdateOnboardingOutput>;
    /** End the wizard; steps that are still open count as skipped. `POST /api/onboarding/complete`, least role: user. */
    complete(request?: RequestOptions): Call<CompleteOnboardingOutput>;
  };
  readonly virtualKeys: {
    /** Virtual keys, the newest first; members see their own. `GET /api/api-keys`, least role: member. */
    listApiKeys(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        environment?: 'live' | 'test' | undefined;
        /** Only keys of this person. */
        user_id?: string | undefined;
      } } & RequestOptions): PageCall<ListApiKeysOutput['data'][number]>;
    /** Make a virtual key; its secret is shown this once. Members make keys for themselves, where the organization lets them, of models and templates that they may use. Repeated with the same `Idempotency-Key`, the same answer is given for a day. `POST /api/api-keys`, least role: member. */
    createApiKey(request: { body: CreateApiKeyInput } & RequestOptions): Call<CreateApiKeyOutput>;
    /** Change a virtual key; what is left out stays. Members may narrow their keys; widening one is for admins. Takes `If-Match`. `PATCH /api/api-keys/{id}`, least role: member. */
    updateApiKey(request: { params: {
        id: string;
      }; body: UpdateApiKeyInput } & RequestOptions): Call<UpdateApiKeyOutput>;
    /** Put a new key in the place of one, which works for a while longer. `POST /api/api-keys/{id}/rotate`, least role: member. */
    rotateApiKey(request: { params: {
        id: string;
      }; body?: RotateApiKeyInput } & RequestOptions): Call<RotateApiKeyOutput>;
    /** End a key: its next call is refused. `POST /api/api-keys/{id}/revoke`, least role: member. */
    revokeApiKey(request: { params: {
        id: string;
      } } & RequestOptions): Call<RevokeApiKeyOutput>;
    /** Whether a key would be accepted now, and if not, why. `POST /api/api-keys/{id}/validate`, least role: member. */
    validateApiKey(request: { params: {
        id: string;
      } } & RequestOptions): Call<ValidateApiKeyOutput>;
    /** The same for a key at hand, among those that the caller may see. `POST /api/api-keys/validate`, least role: member. */
    validateApiKeySecret(request: { body: ValidateApiKeySecretInput } & RequestOptions): Call<ValidateApiKeySecretOutput>;
  };
  readonly apiTokens: {
    /** Tokens for this API, the newest first; members see their own. `GET /api/api-tokens`, least role: member. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListApiTokensOutput['data'][number]>;
    /** Make a token for this API; its secret is shown this once. Send it as `Authorization: Bearer wr_pat_…`. It works in this one organization. A personal token acts as its person and never beyond them; one of the organization (for admins to make) is named in the audit log by itself, and ends with its maker’s membership. No token makes tokens. `POST /api/api-tokens`, least role: member. */
    create(request: { body: CreateApiTokenInput } & RequestOptions): Call<CreateApiTokenOutput>;
    /** End a token: its next request is refused. `POST /api/api-tokens/{id}/revoke`, least role: member. */
    revoke(request: { params: {
        id: string;
      } } & RequestOptions): Call<RevokeApiTokenOutput>;
  };
  readonly providerKeys: {
    /** The organization's own keys at providers, the newest first. `GET /api/provider-keys`, least role: admin. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListProviderKeysOutput['data'][number]>;
    /** Bring a key of your own: calls to that provider go out with it. The provider is asked first: a key that it refuses is not kept. Where it cannot be asked, the key is kept and `last_validation_error` says so. `POST /api/provider-keys`, least role: admin. */
    create(request: { body: CreateProviderKeyInput } & RequestOptions): Call<CreateProviderKeyOutput>;
    /** Put another key in its place, for where the provider is now. `POST /api/provider-keys/{id}/rotate`, least role: admin. */
    rotate(request: { params: {
        id: string;
      }; body: RotateProviderKeyInput } & RequestOptions): Call<RotateProviderKeyOutput>;
    /** End a key and erase it; its provider knows it still. `POST /api/provider-keys/{id}/revoke`, least role: admin. */
    revoke(request: { params: {
        id: string;
      } } & RequestOptions): Call<RevokeProviderKeyOutput>;
    /** Ask the provider whether it takes the key. A key that is refused becomes `invalid` and is not used until it is taken again or rotated. `POST /api/provider-keys/{id}/validate`, least role: admin. */
    validate(request: { params: {
        id: string;
      } } & RequestOptions): Call<ValidateProviderKeyOutput>;
  };
  readonly systemTemplates: {
    /** System templates: all for the platform, those that fit for admins, those switched on for members. `GET /api/system-models`, least role: member. */
    listSystemModels(request?: { query?: {
        /** Those that an organization of this type can have. */
        business_type?: string | undefined;
        /** Those whose required plan it is. */
        plan?: 'free' | 'starter' | 'pro' | 'enterprise' | undefined;
        active?: boolean | undefined;
        featured?: boolean | undefined;
        /** Switched on for the organization's users, or not. */
        enabled?: boolean | undefined;
        tag?: string | undefined;
        /** Anywhere in name, slug, role or a tag. */
        search?: string | undefined;
        sort?: 'order' | '-order' | 'name' | '-name' | 'created' | '-created' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListSystemModelsOutput['data'][number]>;
    /** One system template, where it is the caller’s to see. `GET /api/system-models/{id}`, least role: member. */
    getSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<GetSystemModelOutput>;
    /** Make a system template. `POST /api/system-models`, least role: superadmin. */
    createSystemModel(request: { body: CreateSystemModelInput } & RequestOptions): Call<CreateSystemModelOutput>;
    /** Change a system template; what is left out stays. Takes `If-Match`. The same as PATCH: a form that does not know a field does not lose it. `PUT /api/system-models/{id}`, least role: superadmin. */
    replaceSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; body: ReplaceSystemModelInput } & RequestOptions): Call<ReplaceSystemModelOutput>;
    /** Change some fields of a system template. Takes `If-Match`. Each change is a revision. `PATCH /api/system-models/{id}`, least role: superadmin. */
    updateSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; body: UpdateSystemModelInput } & RequestOptions): Call<UpdateSystemModelOutput>;
    /** Delete a system template with its revisions and what organizations set of it; its use stays on record. With `dry_run=true` nothing changes, and the answer (200) says whom it would concern. `DELETE /api/system-models/{id}`, least role: superadmin. */
    deleteSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        dry_run?: boolean | undefined;
      } } & RequestOptions): Call<DeleteSystemModelOutput>;
    /** Offer a system template to organizations. `POST /api/system-models/{id}/activate`, least role: superadmin. */
    activateSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<ActivateSystemModelOutput>;
    /** Offer it no more: calls of it are refused at once, what organizations set stays. `POST /api/system-models/{id}/deactivate`, least role: superadmin. */
    deactivateSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<DeactivateSystemModelOutput>;
    /** Show a system template first. `POST /api/system-models/{id}/feature`, least role: superadmin. */
    featureSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<FeatureSystemModelOutput>;
    /** Show it among the others again. `POST /api/system-models/{id}/unfeature`, least role: superadmin. */
    unfeatureSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<UnfeatureSystemModelOutput>;
    /** What an admin or a member of an organization sees of it, and why not. `GET /api/system-models/{id}/preview`, least role: superadmin. */
    previewSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; query: {
        as?: 'admin' | 'member' | undefined;
        /** Id or slug. */
        organization: string;
      } } & RequestOptions): Call<PreviewSystemModelOutput>;
    /** Organizations that set something of it or use it, by name. `GET /api/system-models/{id}/organizations`, least role: superadmin. */
    listSystemModelOrganizations(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListSystemModelOrganizationsOutput['data'][number]>;
    /** What was changed, newest first; with `from` and `to` the difference of those two. `GET /api/system-models/{id}/revisions`, least role: superadmin. */
    listSystemModelRevisions(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        from?: number | undefined;
        to?: number | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListSystemModelRevisionsOutput['data'][number]>;
    /** Make it what it was in a revision; that is a new revision. Whether it is active and featured stays as it is, and so does the key of its own endpoint, which no revision holds: where the endpoint was at another host, the key is needed again. Takes `If-Match`. `POST /api/system-models/{id}/rollback`, least role: superadmin. */
    rollbackSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; body: RollbackSystemModelInput } & RequestOptions): Call<RollbackSystemModelOutput>;
    /** Its use: one’s own, the organization’s for its admins, everybody’s for the platform. `GET /api/system-models/{id}/usage`, least role: member. */
    getSystemModelUsage(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        period?: '7d' | '30d' | 'all' | undefined;
      } } & RequestOptions): Call<GetSystemModelUsageOutput>;
    /** Switch a system template on for the people of the organization. `POST /api/system-models/{id}/enable`, least role: admin. */
    enableSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        /** Says what it would do, and does nothing. */
        dry_run?: boolean | undefined;
      } } & RequestOptions): Call<EnableSystemModelOutput>;
    /** Switch it off for them. `POST /api/system-models/{id}/disable`, least role: admin. */
    disableSystemModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        /** Says what it would do, and does nothing. */
        dry_run?: boolean | undefined;
      } } & RequestOptions): Call<DisableSystemModelOutput>;
    /** Set how many tokens each person has on it in its period; null: the template’s own limit. `POST /api/system-models/{id}/set-limit`, least role: admin. */
    setSystemModelLimit(request: { params: {
        /** Number of the template. */
        id: string;
      }; query?: {
        /** Says what it would do, and does nothing. */
        dry_run?: boolean | undefined;
      }; body: SetSystemModelLimitInput } & RequestOptions): Call<SetSystemModelLimitOutput>;
  };
  readonly organizationTemplates: {
    /** The organization’s own templates, in their order. `GET /api/organization-models`, least role: admin. */
    listOrganizationModels(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListOrganizationModelsOutput['data'][number]>;
    /** Make a template for all people of the organization. `POST /api/organization-models`, least role: admin. */
    createOrganizationModel(request: { body: CreateOrganizationModelInput } & RequestOptions): Call<CreateOrganizationModelOutput>;
    /** One of the organization’s own templates. `GET /api/organization-models/{id}`, least role: admin. */
    getOrganizationModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<GetOrganizationModelOutput>;
    /** Change one; what is left out stays. `PATCH /api/organization-models/{id}`, least role: admin. */
    updateOrganizationModel(request: { params: {
        /** Number of the template. */
        id: string;
      }; body: UpdateOrganizationModelInput } & RequestOptions): Call<UpdateOrganizationModelOutput>;
    /** Delete one; its use stays on record. `DELETE /api/organization-models/{id}`, least role: admin. */
    deleteOrganizationModel(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly myModels: {
    /** One’s own templates, in their order. `GET /api/my-models`, least role: member. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListMyModelsOutput['data'][number]>;
    /** Make a template for oneself, within what plan and organization allow. `POST /api/my-models`, least role: member. */
    create(request: { body: CreateMyModelInput } & RequestOptions): Call<CreateMyModelOutput>;
    /** One of one’s own templates. `GET /api/my-models/{id}`, least role: member. */
    get(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<GetMyModelOutput>;
    /** Change one; what is left out stays. `PATCH /api/my-models/{id}`, least role: member. */
    update(request: { params: {
        /** Number of the template. */
        id: string;
      }; body: UpdateMyModelInput } & RequestOptions): Call<UpdateMyModelOutput>;
    /** Delete one; its use stays on record. `DELETE /api/my-models/{id}`, least role: member. */
    delete(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly templates: {
    /** Templates that the caller may use: the platform’s, the organization’s, their own. `GET /api/templates`, least role: member. */
    list(request?: { query?: {
        scope?: 'system' | 'organization' | 'user' | undefined;
        tag?: string | undefined;
        /** Anywhere in name, slug, role or a tag. */
        search?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListTemplatesOutput['data'][number]>;
    /** One of them. `GET /api/templates/{id}`, least role: member. */
    get(request: { params: {
        /** Number of the template. */
        id: string;
      } } & RequestOptions): Call<GetTemplateOutput>;
  };
  readonly audit: {
    /** The audit log of the organization, newest first. `GET /api/audit-logs`, least role: admin. */
    listAuditLogs(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        /** Id of the person or key that acted. */
        actor?: string | undefined;
        /** Id of the platform person who acted as somebody. */
        impersonator?: string | undefined;
        /** An act, `member.remove`, or all of a noun, `member.*`. */
        action?: string | undefined;
        target_type?: string | undefined;
        target_id?: string | undefined;
        /** At or after this time. */
        from?: string | undefined;
        /** Before this time. */
        to?: string | undefined;
        /** Anywhere in action, kind or id of the target. */
        search?: string | undefined;
      } } & RequestOptions): PageCall<ListAuditLogsOutput['data'][number]>;
    /** The audit log as CSV, newest first, streamed. The export itself is an act and is recorded. `GET /api/audit-logs/export.csv`, least role: admin. */
    exportAuditLogs(request?: { query?: {
        /** Id of the person or key that acted. */
        actor?: string | undefined;
        /** Id of the platform person who acted as somebody. */
        impersonator?: string | undefined;
        /** An act, `member.remove`, or all of a noun, `member.*`. */
        action?: string | undefined;
        target_type?: string | undefined;
        target_id?: string | undefined;
        /** At or after this time. */
        from?: string | undefined;
        /** Before this time. */
        to?: string | undefined;
        /** Anywhere in action, kind or id of the target. */
        search?: string | undefined;
      } } & RequestOptions): Call<FileAnswer>;
    /** Check the chain of the audit log. Names the first row that was changed, is missing or is out of place, and a tail that was cut off. `GET /api/audit-logs/verify`, least role: admin. */
    verifyAuditLogs(request?: { query?: {
        /** Begin after this row. */
        after?: number | undefined;
      } } & RequestOptions): Call<VerifyAuditLogsOutput>;
    /** What happened in the organization: all of it for admins, what concerns them for members. `GET /api/activity`, least role: member. */
    listActivity(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListActivityOutput['data'][number]>;
  };
  readonly administration: {
    /** The audit logs of every organization and of the platform, newest first. `GET /api/admin/audit-logs`, least role: superadmin. */
    listAllAuditLogs(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        /** Id of the person or key that acted. */
        actor?: string | undefined;
        /** Id of the platform person who acted as somebody. */
        impersonator?: string | undefined;
        /** An act, `member.remove`, or all of a noun, `member.*`. */
        action?: string | undefined;
        target_type?: string | undefined;
        target_id?: string | undefined;
        /** At or after this time. */
        from?: string | undefined;
        /** Before this time. */
        to?: string | undefined;
        /** Anywhere in action, kind or id of the target. */
        search?: string | undefined;
        organization?: string | 'platform' | undefined;
      } } & RequestOptions): PageCall<ListAllAuditLogsOutput['data'][number]>;
  };
  readonly platformUsers: {
    /** Everybody, newest first. `GET /api/admin/users`, least role: superadmin. */
    listUsers(request?: { query?: {
        /** Anywhere in name or e-mail address. */
        search?: string | undefined;
        role?: 'user' | 'platform_admin' | 'superadmin' | undefined;
        banned?: boolean | undefined;
        /** Members of this one. */
        organization?: string | undefined;
        /** At or after this time. */
        created_from?: string | undefined;
        /** Before this time. */
        created_to?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListUsersOutput['data'][number]>;
    /** Everybody as CSV. `GET /api/admin/users/export.csv`, least role: superadmin. */
    exportUsers(request?: { query?: {
        /** Anywhere in name or e-mail address. */
        search?: string | undefined;
        role?: 'user' | 'platform_admin' | 'superadmin' | undefined;
        banned?: boolean | undefined;
        /** Members of this one. */
        organization?: string | undefined;
        /** At or after this time. */
        created_from?: string | undefined;
        /** Before this time. */
        created_to?: string | undefined;
      } } & RequestOptions): Call<FileAnswer>;
    /** One person with their organizations. `GET /api/admin/users/{id}`, least role: superadmin. */
    getUser(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetUserOutput>;
    /** Make an account and invite its person by mail. The mail holds a link by which they set their password; it works once, for three days. `POST /api/admin/users`, least role: superadmin. */
    createUser(request: { body: CreateUserInput } & RequestOptions): Call<CreateUserOutput>;
    /** Change name, e-mail address or role on the platform. A new address has to be verified again, and every session ends. Nobody changes their own role. Takes `If-Match`. `PUT /api/admin/users/{id}`, least role: superadmin. */
    updateAdminUser(request: { params: {
        id: string;
      }; body: UpdateAdminUserInput } & RequestOptions): Call<UpdateAdminUserOutput>;
    /** Delete a person; what they used stays under a pseudonym. Refused with the list in `organizations` while they are the only owner of one. `DELETE /api/admin/users/{id}`, least role: superadmin. */
    deleteUser(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** Ban a person: sessions end at once, their keys are refused. `POST /api/admin/users/{id}/ban`, least role: superadmin. */
    banUser(request: { params: {
        id: string;
      }; body: BanUserInput } & RequestOptions): Call<BanUserOutput>;
    /** Take a ban back. `POST /api/admin/users/{id}/unban`, least role: superadmin. */
    unbanUser(request: { params: {
        id: string;
      } } & RequestOptions): Call<UnbanUserOutput>;
    /** The live sessions of a person, with those of who acts as them. `GET /api/admin/users/{id}/sessions`, least role: superadmin. */
    listUserSessions(request: { params: {
        id: string;
      } } & RequestOptions): Call<ListUserSessionsOutput>;
    /** End every session of a person. `DELETE /api/admin/users/{id}/sessions`, least role: superadmin. */
    endUserSessions(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** End one session of a person. `DELETE /api/admin/users/{id}/sessions/{session_id}`, least role: superadmin. */
    endUserSession(request: { params: {
        id: string;
        session_id: string;
      } } & RequestOptions): Call<void>;
    /** Ban, unban, delete or give a role to many people. Up to 500, one after the other, each by itself: some may succeed where others are refused. `POST /api/admin/users/bulk`, least role: superadmin. */
    changeUsers(request: { body: ChangeUsersInput } & RequestOptions): Call<ChangeUsersOutput>;
  };
  readonly impersonation: {
    /** Act as somebody, for an hour at most. Sets the session cookie to a session as them. It ends by itself, and with the own session. Never as somebody who has a role on the platform. Both names are on every row of the audit log. `POST /api/admin/users/{id}/impersonate`, least role: superadmin. */
    impersonateUser(request: { params: {
        id: string;
      }; body: ImpersonateUserInput } & RequestOptions): Call<ImpersonateUserOutput>;
    /** Stop acting as somebody and go back to the own session. `POST /api/admin/stop-impersonating`, least role: user. */
    stopImpersonating(request?: RequestOptions): Call<StopImpersonatingOutput>;
  };
  readonly platformOrganizations: {
    /** Every organization, newest first. `GET /api/admin/organizations`, least role: platform_admin. */
    listAllOrganizations(request?: { query?: {
        /** Anywhere in name or slug. */
        search?: string | undefined;
        plan?: 'free' | 'starter' | 'pro' | 'enterprise' | undefined;
        status?: 'active' | 'suspended' | undefined;
        business_type?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListAllOrganizationsOutput['data'][number]>;
    /** One organization, whoever it belongs to. `GET /api/admin/organizations/{id}`, least role: platform_admin. */
    getAnyOrganization(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetAnyOrganizationOutput>;
    /** Change plan, quota, custom models or business type; what is left out stays. A higher plan is in force at once and brings the missing credits of the running 30 days; a lower one takes rights away at once, credits stay but can’t be spent where the plan has none. Takes `If-Match`. `PUT /api/admin/organizations/{id}`, least role: superadmin. */
    updateAnyOrganization(request: { params: {
        id: string;
      }; body: UpdateAnyOrganizationInput } & RequestOptions): Call<UpdateAnyOrganizationOutput>;
    /** Suspend an organization: its calls are refused, nothing of it changes. `POST /api/admin/organizations/{id}/suspend`, least role: superadmin. */
    suspendOrganization(request: { params: {
        id: string;
      }; body: SuspendOrganizationInput } & RequestOptions): Call<SuspendOrganizationOutput>;
    /** Let a suspended organization go on. `POST /api/admin/organizations/{id}/resume`, least role: superadmin. */
    resumeOrganization(request: { params: {
        id: string;
      } } & RequestOptions): Call<ResumeOrganizationOutput>;
  };
  readonly platform: {
    /** Use of the whole platform, with the period before. `GET /api/admin/usage`, least role: platform_admin. */
    getSystemUsage(request?: { query?: {
        /** First day; left out: 29 days before `to`. */
        from?: string | undefined;
        /** Last day; left out: today. */
        to?: string | undefined;
        group_by?: 'day' | 'organization' | 'model' | 'provider' | 'status' | undefined;
        organization?: string | undefined;
        model?: string | undefined;
        provider?: string | undefined;
        status?: 'success' | 'error' | 'timeout' | 'cancelled' | 'denied' | undefined;
        /** Rows at most, the dearest; every day of `day`. */
        limit?: number | undefined;
      } } & RequestOptions): Call<GetSystemUsageOutput>;
    /** Every setting of the platform with its default. `GET /api/admin/config`, least role: platform_admin. */
    getSystemConfig(request?: RequestOptions): Call<GetSystemConfigOutput>;
    /** Change settings; in force everywhere within seconds, without a restart. What is left out stays; null goes back to the default. `PUT /api/admin/config`, least role: superadmin. */
    updateSystemConfig(request: { body: UpdateSystemConfigInput } & RequestOptions): Call<UpdateSystemConfigOutput>;
    /** How the platform is doing, part by part, and what to do. `GET /api/admin/health`, least role: platform_admin. */
    getSystemHealth(request?: RequestOptions): Call<GetSystemHealthOutput>;
    /** Mail on its way, and kept where there is no mail server; newest first. `GET /api/admin/mail`, least role: superadmin. */
    listMail(request?: { query?: {
        status?: 'pending' | 'sent' | 'failed' | 'kept' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListMailOutput['data'][number]>;
    /** One mail with its text; looking is recorded. The text may hold a link that signs in. That of a mail that was sent is gone. `GET /api/admin/mail/{id}`, least role: superadmin. */
    getMail(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetMailOutput>;
    /** Every background job: when it runs, how it last went, whether it is late. `GET /api/admin/jobs`, least role: superadmin. */
    listJobs(request?: RequestOptions): Call<ListJobsOutput>;
    /** The runs of a job, newest first. `GET /api/admin/jobs/{name}/runs`, least role: superadmin. */
    listJobRuns(request: { params: {
        name: string;
      }; query?: {
        status?: 'running' | 'succeeded' | 'failed' | 'lost' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListJobRunsOutput['data'][number]>;
    /** Run a job as soon as a worker is free; asked for twice, it runs once. `POST /api/admin/jobs/{name}/run`, least role: superadmin. */
    runJob(request: { params: {
        name: string;
      } } & RequestOptions): Call<RunJobOutput>;
    /** What happened in the product, calls among it, newest first. `GET /api/admin/product-events`, least role: platform_admin. */
    listProductEvents(request?: { query?: {
        name?: 'model_selected' | 'model_preference_saved' | 'model_message_sent' | 'model_trial_started' | 'model_trial_message_used' | 'model_trial_expired_prompt' | 'model_rate_limit_hit' | 'model_purchase_initiated' | 'model_purchase_completed' | 'admin_model_created' | 'admin_model_updated' | 'admin_model_priced' | 'admin_model_deleted' | 'admin_model_enabled' | 'admin_model_disabled' | 'admin_model_access_granted' | 'admin_model_access_revoked' | 'usage_unpriced' | 'template_created' | 'template_updated' | 'template_activated' | 'template_deactivated' | 'template_deleted' | 'template_enabled_for_users' | 'template_disabled_for_users' | 'template_limit_set' | 'credits_granted' | 'credits_deducted' | 'credits_refunded' | 'credits_expired' | 'credits_low' | 'budget_created' | 'budget_threshold_reached' | 'budget_breach_projected' | 'limit_requested' | 'limit_request_decided' | 'limits_renewed' | 'alert_fired' | 'organization_digest' | undefined;
        organization?: string | undefined;
        /** At or after this time. Left out: a day before `to`. */
        from?: string | undefined;
        /** Before this time, 31 days after `from` at most. Left out: now. */
        to?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListProductEventsOutput['data'][number]>;
  };
  readonly credits: {
    /** Ask whether there are enough credits, or take them. `check` changes nothing. `deduct` takes all or nothing, in one step, out of the lots that end soonest; with an idempotency key (in the body, or the header `Idempotency-Key`) once, with the same answer however often it is sent. Without `amount` it is what the feature costs. `POST /api/v1/tokens/check-balance`, least role: member. */
    check(request: { body: CheckCreditsInput } & RequestOptions): Call<CheckCreditsOutput>;
    /** Balances of every type, use by feature and person, and the latest entries. Of the running 30 days. Members see the balances of their organization, and use and entries of their own. `GET /api/v1/tokens/stats`, least role: member. */
    getCreditStats(request?: RequestOptions): Call<GetCreditStatsOutput>;
    /** Every movement of credits, the newest first; members see their own. `GET /api/v1/tokens/ledger`, least role: member. */
    listCreditLedger(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        tokenType?: string | undefined;
        kind?: 'grant' | 'deduct' | 'refund' | 'expire' | 'adjust' | undefined;
        feature?: string | undefined;
        userId?: string | undefined;
        /** At or after this time. */
        from?: string | undefined;
        /** Before this time. */
        to?: string | undefined;
      } } & RequestOptions): PageCall<ListCreditLedgerOutput['data'][number]>;
    /** Give a deduction back, once. Credits return to the lots they came from. What came from a lot that has expired since comes as a new lot until the end of the running 30 days. A call of the gateway that has not told its end yet can not be refunded: 409. `POST /api/v1/tokens/refund`, least role: admin. */
    refund(request: { body: RefundCreditsInput } & RequestOptions): Call<RefundCreditsOutput>;
    /** Give an organization a lot of credits. The same `reference` makes one lot of a type, however often it is sent; with another amount or end it is refused. `POST /api/v1/tokens/grant`, least role: superadmin. */
    grant(request: { body: GrantCreditsInput } & RequestOptions): Call<GrantCreditsOutput>;
  };
  readonly modelOffers: {
    /** The models there are for the caller, with rights, trials and what is left today. Enabled models only, by tier, then `sort_order`. The whole catalog in one answer. `GET /api/models`, least role: member. */
    list(request?: RequestOptions): Call<ListModelOffersOutput>;
    /** One model, as the caller sees it. `GET /api/models/{id}`, least role: member. */
    get(request: { params: {
        /** Id of the model. */
        id: string;
      } } & RequestOptions): Call<GetModelOfferOutput>;
    /** What is left of the caller’s trial of a premium model. `GET /api/models/{id}/trial-status`, least role: member. */
    getModelTrialStatus(request: { params: {
        /** Id of the model. */
        id: string;
      } } & RequestOptions): Call<GetModelTrialStatusOutput>;
    /** What the caller used of a model today, in 7 and in 30 days. `GET /api/models/{id}/usage`, least role: member. */
    getModelUsage(request: { params: {
        /** Id of the model. */
        id: string;
      } } & RequestOptions): Call<GetModelUsageOutput>;
  };
  readonly profile: {
    /** The caller’s own profile and preferences. `GET /api/profile`, least role: member. */
    get(request?: RequestOptions): Call<GetProfileOutput>;
    /** Change one’s own profile; what is left out stays. Takes `If-Match`. `PATCH /api/profile`, least role: member. */
    update(request: { body: UpdateProfileInput } & RequestOptions): Call<UpdateProfileOutput>;
    /** Choose the default model, and models for personas; what is left out stays. Null clears the default, one override, or with `personaOverrides: null` all of them. A model that is not enabled is 400, one that is locked for the caller 403. `PATCH /api/profile/model-preferences`, least role: member. */
    updateModelPreferences(request: { body: UpdateModelPreferencesInput } & RequestOptions): Call<UpdateModelPreferencesOutput>;
  };
  readonly personas: {
    /** The personas there are for the caller, each with the model that serves it for them. `GET /api/personas`, least role: member. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListPersonasOutput['data'][number]>;
    /** Make a persona of the platform. `POST /api/personas`, least role: superadmin. */
    create(request: { body: CreatePersonaInput } & RequestOptions): Call<CreatePersonaOutput>;
    /** Change a persona of the platform. What is left out stays. Takes `If-Match`. `PATCH /api/personas/{id}`, least role: superadmin. */
    update(request: { params: {
        id: string;
      }; body: UpdatePersonaInput } & RequestOptions): Call<UpdatePersonaOutput>;
    /** Delete a persona of the platform; people’s overrides for it mean nothing from then on. `DELETE /api/personas/{id}`, least role: superadmin. */
    delete(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** The personas of the platform with what they are told, inactive ones too. `GET /api/admin/personas`, least role: superadmin. */
    listPlatform(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListPlatformPersonasOutput['data'][number]>;
    /** The organization’s own personas with what they are told, inactive ones too. `GET /api/organization-personas`, least role: admin. */
    listOrganization(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListOrganizationPersonasOutput['data'][number]>;
    /** Make a persona of the organization. `POST /api/organization-personas`, least role: admin. */
    createOrganization(request: { body: CreateOrganizationPersonaInput } & RequestOptions): Call<CreateOrganizationPersonaOutput>;
    /** Change a persona of the organization. What is left out stays. Takes `If-Match`. `PATCH /api/organization-personas/{id}`, least role: admin. */
    updateOrganization(request: { params: {
        id: string;
      }; body: UpdateOrganizationPersonaInput } & RequestOptions): Call<UpdateOrganizationPersonaOutput>;
    /** Delete a persona of the organization. `DELETE /api/organization-personas/{id}`, least role: admin. */
    deleteOrganization(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly modelCatalog: {
    /** Every model of the catalog. `GET /api/admin/models`, least role: superadmin. */
    listAdminModels(request?: { query?: {
        /** Slug. */
        provider?: string | undefined;
        tier?: 'free' | 'premium' | undefined;
        status?: 'available' | 'beta' | 'deprecated' | 'unavailable' | undefined;
        enabled?: boolean | undefined;
        capability?: string | undefined;
        /** Anywhere in id, name or the provider’s name for it. */
        search?: string | undefined;
        retires_before?: string | undefined;
        /** Left out: those that are not. */
        archived?: boolean | undefined;
        sort?: 'sort_order' | 'name' | 'provider' | 'tier' | 'status' | 'created_at' | undefined;
        order?: 'asc' | 'desc' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListAdminModelsOutput['data'][number]>;
    /** The catalog as CSV, a row a model with its price in force. `GET /api/admin/models/export.csv`, least role: superadmin. */
    exportModels(request?: { query?: {
        /** Slug. */
        provider?: string | undefined;
        tier?: 'free' | 'premium' | undefined;
        status?: 'available' | 'beta' | 'deprecated' | 'unavailable' | undefined;
        enabled?: boolean | undefined;
        capability?: string | undefined;
        /** Anywhere in id, name or the provider’s name for it. */
        search?: string | undefined;
        retires_before?: string | undefined;
        /** Left out: those that are not. */
        archived?: boolean | undefined;
      } } & RequestOptions): Call<FileAnswer>;
    /** Add a model to the catalog. `POST /api/admin/models`, least role: superadmin. */
    createModel(request: { body: CreateModelInput } & RequestOptions): Call<CreateModelOutput>;
    /** One model. `GET /api/admin/models/{id}`, least role: superadmin. */
    getAdminModel(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetAdminModelOutput>;
    /** Change a model; what is left out stays. A model that becomes free loses its `priceCents`. `isSystemDefault: true` takes the place of the default before. `archived: false` takes a model out of the archive, switched off. Takes `If-Match`. `PATCH /api/admin/models/{id}`, least role: superadmin. */
    updateModel(request: { params: {
        id: string;
      }; body: UpdateModelInput } & RequestOptions): Call<UpdateModelOutput>;
    /** Delete a model, or archive one that was used. Refused with the lists while deployments, rights or running experiments hang on it. `DELETE /api/admin/models/{id}`, least role: superadmin. */
    deleteModel(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** Switch a model on; it needs a price in force. `POST /api/admin/models/{id}/enable`, least role: superadmin. */
    enableModel(request: { params: {
        id: string;
      } } & RequestOptions): Call<EnableModelOutput>;
    /** Switch a model off; answers who is affected. `POST /api/admin/models/{id}/disable`, least role: superadmin. */
    disableModel(request: { params: {
        id: string;
      }; query?: {
        /** Only says who would be. */
        dry_run?: boolean | undefined;
      } } & RequestOptions): Call<DisableModelOutput>;
    /** One act on many models, each by itself. `POST /api/admin/models/bulk`, least role: superadmin. */
    changeModels(request: { body: ChangeModelsInput } & RequestOptions): Call<ChangeModelsOutput>;
    /** Who and what would miss a model. `GET /api/admin/models/{id}/affected`, least role: superadmin. */
    listAffectedByModel(request: { params: {
        id: string;
      }; query?: {
        /** The 30 days of use end here; left out: now. */
        before?: string | undefined;
      } } & RequestOptions): Call<ListAffectedByModelOutput>;
    /** Who may use a model, how much it is used, and what it brought in. `GET /api/admin/models/{id}/stats`, least role: superadmin. */
    getModelStats(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetModelStatsOutput>;
  };
  readonly modelPrices: {
    /** Every price of a model, past, in force and to come, the latest first. `GET /api/admin/models/{id}/prices`, least role: superadmin. */
    list(request: { params: {
        /** Id of the model. */
        id: string;
      }; query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListModelPricesOutput['data'][number]>;
    /** Give a model a new price, from now or from a later time on. Prices are never changed: calls of the past keep what they cost. `POST /api/admin/models/{id}/prices`, least role: superadmin. */
    create(request: { params: {
        /** Id of the model. */
        id: string;
      }; body: CreateModelPriceInput } & RequestOptions): Call<CreateModelPriceOutput>;
    /** Compare the prices in force with the price library; nothing changes before it is approved. `POST /api/admin/models/price-import`, least role: superadmin. */
    createPriceImport(request?: RequestOptions): Call<CreatePriceImportOutput>;
    /** All comparisons, the latest first. `GET /api/admin/models/price-imports`, least role: superadmin. */
    listPriceImports(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListPriceImportsOutput['data'][number]>;
    /** One comparison with what it proposes, field by field. `GET /api/admin/models/price-imports/{id}`, least role: superadmin. */
    getPriceImport(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetPriceImportOutput>;
    /** Put proposed prices in force from now on, all that are open or those of chosen models. All or none: 409 naming the models whose price has changed since the comparison, or that are applied already. `POST /api/admin/models/price-imports/{id}/approve`, least role: superadmin. */
    approvePriceImport(request: { params: {
        id: string;
      }; body?: ApprovePriceImportInput } & RequestOptions): Call<ApprovePriceImportOutput>;
  };
  readonly modelAccess: {
    /** Who has a right to a model, with notes, the latest first. `GET /api/admin/models/{id}/grants`, least role: superadmin. */
    listModelGrants(request: { params: {
        /** Id of the model. */
        id: string;
      }; query?: {
        state?: 'active' | 'ended' | 'all' | undefined;
        source?: 'purchase' | 'admin_grant' | 'trial' | 'plan' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListModelGrantsOutput['data'][number]>;
    /** Give a person or an organization a model. Exactly one of `userId`, `email` and `organizationId`. In force at the gateway at once. `POST /api/admin/models/{id}/grant-access`, least role: superadmin. */
    grant(request: { params: {
        /** Id of the model. */
        id: string;
      }; body: GrantModelAccessInput } & RequestOptions): Call<GrantModelAccessOutput>;
    /** Take a granted model back, in force at once. A purchase ends by its refund and what a plan brings with the plan: 409. `DELETE /api/admin/models/grants/{grantId}`, least role: superadmin. */
    revokeModelGrant(request: { params: {
        grantId: string;
      } } & RequestOptions): Call<void>;
  };
  readonly limits: {
    /** Would a call pass? Nothing is held. Decided by the gateway itself, as it would decide the call. `userId` is for admins. What is told is the limit that refuses such calls, or would refuse them first. `POST /api/quota/check`, least role: member. */
    checkQuota(request: { body: CheckQuotaInput } & RequestOptions): Call<CheckQuotaOutput>;
    /** Every rule and limit on a person's calls, in order, where each comes from and which one binds. `GET /api/limits/effective`, least role: member. */
    getEffective(request?: { query?: {
        /** For admins: another person of the organization. */
        user?: string | undefined;
        /** Left out, without a template: what the person prefers. */
        model?: string | undefined;
        template?: number | string | undefined;
        feature?: string | undefined;
        tokens?: number | undefined;
      } } & RequestOptions): Call<GetEffectiveLimitsOutput>;
    /** Ask for a higher limit. One open request a person and limit: another is 409. `POST /api/limit-requests`, least role: member. */
    createLimitRequest(request: { body: CreateLimitRequestInput } & RequestOptions): Call<CreateLimitRequestOutput>;
    /** Requests for higher limits, the latest first: own ones; for admins all, with what is used. The platform, outside organizations, sees those for organizations' quotas, which it decides. `GET /api/limit-requests`, least role: member. */
    listLimitRequests(request?: { query?: {
        status?: 'open' | 'approved' | 'denied' | undefined;
        kind?: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages' | undefined;
        user?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListLimitRequestsOutput['data'][number]>;
    /** Raise the limit, in force at the next call; it ends by itself. Within the organization's monthly quota, which no limit of a person passes. An organization's quota itself is the platform's to raise. `POST /api/limit-requests/{id}/approve`, least role: admin. */
    approveLimitRequest(request: { params: {
        id: string;
      }; body?: ApproveLimitRequestInput } & RequestOptions): Call<ApproveLimitRequestOutput>;
    /** Decline a request, saying why. `POST /api/limit-requests/{id}/deny`, least role: admin. */
    denyLimitRequest(request: { params: {
        id: string;
      }; body: DenyLimitRequestInput } & RequestOptions): Call<DenyLimitRequestOutput>;
    /** Limits that are raised for a time, the latest first. `GET /api/limits/overrides`, least role: admin. */
    listLimitOverrides(request?: { query?: {
        state?: 'active' | 'ended' | 'all' | undefined;
        kind?: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages' | undefined;
        user?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListLimitOverridesOutput['data'][number]>;
    /** End a raised limit now: the ordinary one holds at the next call. Repeated: nothing. `DELETE /api/limits/overrides/{id}`, least role: admin. */
    revokeLimitOverride(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly denials: {
    /** Calls that were denied in the last 30 days, the latest first: own ones; for admins all of the organization. `GET /api/denials`, least role: member. */
    list(request?: { query?: {
        code?: string | undefined;
        user?: string | undefined;
        /** As it was asked for. */
        model?: string | undefined;
        from?: string | undefined;
        /** Not included. */
        to?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListDenialsOutput['data'][number]>;
    /** Why was this denied?. `GET /api/denials/{id}`, least role: member. */
    get(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetDenialOutput>;
  };
  readonly budgets: {
    /** The organization's budgets, the newest first. `GET /api/budgets`, least role: admin. */
    list(request?: { query?: {
        scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
        period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
        active?: boolean | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListBudgetsOutput['data'][number]>;
    /** Active budgets as they stand, with their forecast, and what departments are given of the whole. `GET /api/budgets/status`, least role: admin. */
    listBudgetStatus(request?: { query?: {
        scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
        period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListBudgetStatusOutput['data'][number]>;
    /** Make a budget; what its scope spent in the running window counts from the start. Departments' budgets of a period may together not pass the organization's own budget of that period where it is hard: 400 names the amount. `POST /api/budgets`, least role: admin. */
    create(request: { body: CreateBudgetInput } & RequestOptions): Call<CreateBudgetOutput>;
    /** One budget. `GET /api/budgets/{id}`, least role: admin. */
    get(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetBudgetOutput>;
    /** Change a budget; what is left out stays, and what was spent stays counted. In force at the next call; calls under way end as they began. Takes `If-Match`. `PUT /api/budgets/{id}`, least role: admin. */
    update(request: { params: {
        id: string;
      }; body: UpdateBudgetInput } & RequestOptions): Call<UpdateBudgetOutput>;
    /** Delete a budget: its limit ends at once. `DELETE /api/budgets/{id}`, least role: admin. */
    delete(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** Where a budget will be at the end of its window, and how well such forecasts did. `GET /api/budgets/{id}/forecast`, least role: admin. */
    getBudgetForecast(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetBudgetForecastOutput>;
    /** What became of a budget window by window, and what one window went to; `format=csv` for a file. `GET /api/budgets/{id}/report`, least role: admin. */
    getBudgetReport(request: { params: {
        id: string;
      }; query?: {
        /** A day of the window; left out: the running one. */
        at?: string | undefined;
        format?: 'json' | 'csv' | undefined;
      } } & RequestOptions): Call<GetBudgetReportOutput>;
    /** Look at the budgets now and tell of what they have reached, or test an alert. `POST /api/budgets/alert`, least role: admin. */
    checkBudgetAlerts(request?: { body?: CheckBudgetAlertsInput } & RequestOptions): Call<CheckBudgetAlertsOutput>;
  };
  readonly platformBudgets: {
    /** The platform's budgets, the newest first. `GET /api/admin/budgets`, least role: platform_admin. */
    listAdminBudgets(request?: { query?: {
        scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
        period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
        active?: boolean | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListAdminBudgetsOutput['data'][number]>;
    /** The platform's active budgets as they stand, with their forecast. `GET /api/admin/budgets/status`, least role: platform_admin. */
    listAdminBudgetStatus(request?: { query?: {
        scope?: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform' | undefined;
        period?: 'daily' | 'weekly' | 'monthly' | 'quarterly' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListAdminBudgetStatusOutput['data'][number]>;
    /** Make a budget of scope `platform`, or of a feature everywhere. `POST /api/admin/budgets`, least role: superadmin. */
    createAdminBudget(request: { body: CreateAdminBudgetInput } & RequestOptions): Call<CreateAdminBudgetOutput>;
    /** One of the platform's budgets. `GET /api/admin/budgets/{id}`, least role: platform_admin. */
    getAdminBudget(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetAdminBudgetOutput>;
    /** Change one of the platform's budgets; what is left out stays. Takes `If-Match`. `PUT /api/admin/budgets/{id}`, least role: superadmin. */
    updateAdminBudget(request: { params: {
        id: string;
      }; body: UpdateAdminBudgetInput } & RequestOptions): Call<UpdateAdminBudgetOutput>;
    /** Delete one of the platform's budgets. `DELETE /api/admin/budgets/{id}`, least role: superadmin. */
    deleteAdminBudget(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
    /** Where one of the platform's budgets will be at the end of its window. `GET /api/admin/budgets/{id}/forecast`, least role: platform_admin. */
    getAdminBudgetForecast(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetAdminBudgetForecastOutput>;
  };
  readonly chat: {
    /** Ask a model, and hear its answer as it comes. Server-sent events: `start`, `delta` for each piece, then `done`, or `error` with a problem as its data. What is refused before the answer begins is an ordinary problem. Who leaves stops the model; what came is kept and charged. The same `Idempotency-Key` gives the same answer, charged once. `POST /api/chat`, least role: member. */
    sendChatMessage(request?: { body?: SendChatMessageInput } & RequestOptions): Call<FileAnswer>;
  };
  readonly conversations: {
    /** The person's own conversations, the newest first. `GET /api/conversations`, least role: member. */
    list(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
        /** Part of the title. */
        search?: string | undefined;
        /** Those put away, in place of the others. */
        archived?: boolean | undefined;
      } } & RequestOptions): PageCall<ListConversationsOutput['data'][number]>;
    /** How much each person converses: numbers, no words. `GET /api/conversations/counts`, least role: admin. */
    listConversationCounts(request?: { query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListConversationCountsOutput['data'][number]>;
    /** A conversation with its messages, the newest first. `GET /api/conversations/{id}`, least role: member. */
    get(request: { params: {
        id: string;
      }; query?: {
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): Call<GetConversationOutput>;
    /** Rename a conversation, put it away, or take it out again. `PATCH /api/conversations/{id}`, least role: member. */
    update(request: { params: {
        id: string;
      }; body: UpdateConversationInput } & RequestOptions): Call<UpdateConversationOutput>;
    /** Delete a conversation for good; its use stays counted. `DELETE /api/conversations/{id}`, least role: member. */
    delete(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly notifications: {
    /** My notifications, newest first. `GET /api/notifications`, least role: user. */
    list(request?: { query?: {
        /** Only those that are not read (true), or that are (false). */
        unread?: boolean | undefined;
        type?: 'budget_threshold' | 'budget_forecast' | 'credits_low' | 'credits_granted' | 'limit_requested' | 'limit_approved' | 'limit_approved_until' | 'limit_denied' | 'limits_renewed' | 'access_granted' | 'access_granted_organization' | 'alert' | 'weekly_digest' | 'monthly_report' | undefined;
        /** Only those of one of my organizations. */
        organization?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListNotificationsOutput['data'][number]>;
    /** How many of my notifications are not read. `GET /api/notifications/unread`, least role: user. */
    countUnread(request?: RequestOptions): Call<CountUnreadNotificationsOutput>;
    /** Mark some of my notifications as read, or all. `POST /api/notifications/mark-read`, least role: user. */
    markNotificationsRead(request: { body: MarkNotificationsReadInput } & RequestOptions): Call<MarkNotificationsReadOutput>;
    /** How I am told of each type: type by channel. `GET /api/notifications/preferences`, least role: user. */
    getNotificationPreferences(request?: RequestOptions): Call<GetNotificationPreferencesOutput>;
    /** Change how I am told; what is left out stays. `PUT /api/notifications/preferences`, least role: user. */
    updateNotificationPreferences(request: { body: UpdateNotificationPreferencesInput } & RequestOptions): Call<void>;
    /** My notifications as they come. Server-sent events `notification`, each with the object of the list as its data and a number as its id; after a lost connection, `Last-Event-ID` brings those missed. One may come twice: tell them by the id in the data. `GET /api/notifications/stream`, least role: user. */
    stream(request?: RequestOptions): Call<FileAnswer>;
    /** Delete one of my notifications. `DELETE /api/notifications/{id}`, least role: user. */
    delete(request: { params: {
        id: string;
      } } & RequestOptions): Call<void>;
  };
  readonly alerts: {
    /** Alerts of the organization, newest first. `GET /api/alerts`, least role: admin. */
    list(request?: { query?: {
        status?: 'open' | 'acknowledged' | 'resolved' | undefined;
        rule?: string | undefined;
        /** Fired at or after. */
        from?: string | undefined;
        /** Fired before. */
        to?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListAlertsOutput['data'][number]>;
    /** Say that somebody has seen an alert; done twice, the first stays. `POST /api/alerts/{id}/acknowledge`, least role: admin. */
    acknowledge(request: { params: {
        id: string;
      } } & RequestOptions): Call<AcknowledgeAlertOutput>;
    /** The rules of the organization’s alerts as they hold. `GET /api/alert-rules`, least role: admin. */
    listOrganizationAlertRules(request?: RequestOptions): Call<ListOrganizationAlertRulesOutput>;
    /** Change a rule for the organization; what is left out stays. `PUT /api/alert-rules/{key}`, least role: admin. */
    updateOrganizationAlertRule(request: { params: {
        key: 'rate_limit_denials' | 'entitlement_denials' | 'fallbacks' | 'spend_anomaly' | 'recording_failures' | 'unpriced_use' | 'provider_errors' | 'ledger_drift' | 'job_late' | 'disk' | 'certificate' | 'latency_credit_check' | 'latency_credit_deduct' | 'latency_credit_stats' | 'latency_api' | 'latency_dashboard';
      }; body: UpdateOrganizationAlertRuleInput } & RequestOptions): Call<UpdateOrganizationAlertRuleOutput>;
    /** Alerts of the platform and of every organization, newest first. `GET /api/admin/alerts`, least role: superadmin. */
    listPlatform(request?: { query?: {
        organization?: string | undefined;
        /** Of the platform itself, or of organizations. */
        scope?: 'platform' | 'organization' | undefined;
        status?: 'open' | 'acknowledged' | 'resolved' | undefined;
        rule?: string | undefined;
        /** Fired at or after. */
        from?: string | undefined;
        /** Fired before. */
        to?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListPlatformAlertsOutput['data'][number]>;
    /** Say that somebody has seen an alert, of the platform or of an organization. `POST /api/admin/alerts/{id}/acknowledge`, least role: superadmin. */
    acknowledgePlatform(request: { params: {
        id: string;
      } } & RequestOptions): Call<AcknowledgePlatformAlertOutput>;
    /** Every rule of alerts as it holds where no organization has changed it. `GET /api/admin/alert-rules`, least role: superadmin. */
    listAlertRules(request?: RequestOptions): Call<ListAlertRulesOutput>;
    /** Change a rule for the platform, and for organizations that have not changed it themselves. `PUT /api/admin/alert-rules/{key}`, least role: superadmin. */
    updateAlertRule(request: { params: {
        key: 'rate_limit_denials' | 'entitlement_denials' | 'fallbacks' | 'spend_anomaly' | 'recording_failures' | 'unpriced_use' | 'provider_errors' | 'ledger_drift' | 'job_late' | 'disk' | 'certificate' | 'latency_credit_check' | 'latency_credit_deduct' | 'latency_credit_stats' | 'latency_api' | 'latency_dashboard';
      }; body: UpdateAlertRuleInput } & RequestOptions): Call<UpdateAlertRuleOutput>;
  };
  readonly usage: {
    /** What I used in the organization, with the period before. `GET /api/usage/me`, least role: member. */
    getMy(request?: { query?: {
        /** In place of `from` and `to`. Left out with them: `30d`. */
        period?: '24h' | '7d' | '30d' | '90d' | 'month' | 'all' | undefined;
        /** A day or a moment. Left out: 30 days before `to`. */
        from?: string | undefined;
        /** A day, included, or a moment, not included. Left out: now. */
        to?: string | undefined;
        /** Ids of models. Several with commas between them. */
        model?: string | undefined;
        /** How the model was chosen. Several with commas between them. */
        model_type?: string | undefined;
        /** Slugs of providers. Several with commas between them. */
        provider?: string | undefined;
        /** Slugs of templates, `none`: calls without one. Several with commas between them. */
        template?: string | undefined;
        /** Names of features, `none`: calls without one. Several with commas between them. */
        feature?: string | undefined;
        /** Ids of departments, `none`: calls without one. Several with commas between them. */
        department?: string | undefined;
        /** Ids of virtual keys, `none`: calls without one. Several with commas between them. */
        key?: string | undefined;
        /** How calls ended. Several with commas between them. */
        status?: string | undefined;
        /** Environments. Several with commas between them. */
        environment?: string | undefined;
        group_by?: 'day' | 'hour' | 'user' | 'model' | 'model_type' | 'provider' | 'template' | 'feature' | 'department' | 'key' | 'status' | 'environment' | undefined;
        /** Of the series. Left out: what suits the range. */
        interval?: 'hour' | 'day' | 'month' | undefined;
        sort?: 'cost' | 'requests' | 'tokens' | 'errors' | undefined;
        /** Rows. */
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): Call<GetMyUsageOutput>;
    /** What the organization used, with the period before. `GET /api/usage/organization`, least role: admin. */
    getOrganization(request?: { query?: {
        /** In place of `from` and `to`. Left out with them: `30d`. */
        period?: '24h' | '7d' | '30d' | '90d' | 'month' | 'all' | undefined;
        /** A day or a moment. Left out: 30 days before `to`. */
        from?: string | undefined;
        /** A day, included, or a moment, not included. Left out: now. */
        to?: string | undefined;
        /** Ids of models. Several with commas between them. */
        model?: string | undefined;
        /** How the model was chosen. Several with commas between them. */
        model_type?: string | undefined;
        /** Slugs of providers. Several with commas between them. */
        provider?: string | undefined;
        /** Slugs of templates, `none`: calls without one. Several with commas between them. */
        template?: string | undefined;
        /** Names of features, `none`: calls without one. Several with commas between them. */
        feature?: string | undefined;
        /** Ids of departments, `none`: calls without one. Several with commas between them. */
        department?: string | undefined;
        /** Ids of virtual keys, `none`: calls without one. Several with commas between them. */
        key?: string | undefined;
        /** How calls ended. Several with commas between them. */
        status?: string | undefined;
        /** Environments. Several with commas between them. */
        environment?: string | undefined;
        group_by?: 'day' | 'hour' | 'user' | 'model' | 'model_type' | 'provider' | 'template' | 'feature' | 'department' | 'key' | 'status' | 'environment' | undefined;
        /** Of the series. Left out: what suits the range. */
        interval?: 'hour' | 'day' | 'month' | undefined;
        sort?: 'cost' | 'requests' | 'tokens' | 'errors' | undefined;
        /** Rows. */
        limit?: number | undefined;
        cursor?: string | undefined;
        /** Ids of people, `none`: use by service keys. Several with commas between them. */
        user?: string | undefined;
      } } & RequestOptions): Call<GetOrganizationUsageOutput>;
    /** Single calls, newest first: my own, or for admins the organization’s. `GET /api/usage/events`, least role: member. */
    listUsageEvents(request?: { query?: {
        /** Left out: a day before `to`. */
        from?: string | undefined;
        /** Not included; at most 7 days after `from`. Left out: now. */
        to?: string | undefined;
        /** Ids of models. Several with commas between them. */
        model?: string | undefined;
        /** How the model was chosen. Several with commas between them. */
        model_type?: string | undefined;
        /** Slugs of providers. Several with commas between them. */
        provider?: string | undefined;
        /** Slugs of templates, `none`: calls without one. Several with commas between them. */
        template?: string | undefined;
        /** Names of features, `none`: calls without one. Several with commas between them. */
        feature?: string | undefined;
        /** Ids of departments, `none`: calls without one. Several with commas between them. */
        department?: string | undefined;
        /** Ids of virtual keys, `none`: calls without one. Several with commas between them. */
        key?: string | undefined;
        /** How calls ended. Several with commas between them. */
        status?: string | undefined;
        /** Environments. Several with commas between them. */
        environment?: string | undefined;
        /** Ids of people, `none`: use by service keys. Several with commas between them. */
        user?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListUsageEventsOutput['data'][number]>;
    /** One call, with the arithmetic of its cost. `GET /api/usage/events/{id}`, least role: member. */
    getUsageEvent(request: { params: {
        id: string;
      } } & RequestOptions): Call<GetUsageEventOutput>;
    /** Tell of a call that was made elsewhere: it counts like one through the gateway. It is booked on the same meters, quotas and budgets, in the windows of its moment, and is never refused for being beyond a limit. Credits are not taken. A call made more than an hour ago shows in sums within minutes. `POST /api/usage`, least role: member. */
    record(request: { body: RecordUsageInput } & RequestOptions): Call<RecordUsageOutput>;
    /** A month of the organization, to be printed. `GET /api/usage/report`, least role: admin. */
    getUsageReport(request?: { query?: {
        /** YYYY-MM, in UTC. Left out: the running one. */
        month?: string | undefined;
      } } & RequestOptions): Call<GetUsageReportOutput>;
    /** Use of the organization as a file. By the day, a row for all that differs in any column, or call by call. `focus` is FOCUS 1.2 (FinOps), a row a day; its costs are those charged, its own columns begin with `x_`. `GET /api/usage/export.csv`, least role: admin. */
    export(request?: { query?: {
        /** In place of `from` and `to`. Left out with them: `30d`. */
        period?: '24h' | '7d' | '30d' | '90d' | 'month' | 'all' | undefined;
        /** A day or a moment. Left out: 30 days before `to`. */
        from?: string | undefined;
        /** A day, included, or a moment, not included. Left out: now. */
        to?: string | undefined;
        /** Ids of models. Several with commas between them. */
        model?: string | undefined;
        /** How the model was chosen. Several with commas between them. */
        model_type?: string | undefined;
        /** Slugs of providers. Several with commas between them. */
        provider?: string | undefined;
        /** Slugs of templates, `none`: calls without one. Several with commas between them. */
        template?: string | undefined;
        /** Names of features, `none`: calls without one. Several with commas between them. */
        feature?: string | undefined;
        /** Ids of departments, `none`: calls without one. Several with commas between them. */
        department?: string | undefined;
        /** Ids of virtual keys, `none`: calls without one. Several with commas between them. */
        key?: string | undefined;
        /** How calls ended. Several with commas between them. */
        status?: string | undefined;
        /** Environments. Several with commas between them. */
        environment?: string | undefined;
        /** Ids of people, `none`: use by service keys. Several with commas between them. */
        user?: string | undefined;
        detail?: 'day' | 'call' | undefined;
        format?: 'csv' | 'focus' | undefined;
      } } & RequestOptions): Call<FileAnswer>;
    /** What a limit, plan, price or model would have done to the organization’s calls of the last days. Replays the calls that happened, in their order, by two sets of rules: those in force and the proposed ones. Nothing is changed. One at a time for an organization: 409 while another is under way. `POST /api/impact/preview`, least role: admin. */
    previewImpact(request: { body: PreviewImpactInput } & RequestOptions): Call<PreviewImpactOutput>;
    /** What a limit, plan, price or model would have done to calls of the last days, of one organization or all. Replays the calls that happened, in their order, by two sets of rules: those in force and the proposed ones. Nothing is changed. One at a time for an organization: 409 while another is under way. `POST /api/admin/impact/preview`, least role: superadmin. */
    previewPlatformImpact(request: { body: PreviewPlatformImpactInput } & RequestOptions): Call<PreviewPlatformImpactOutput>;
  };
  readonly purchases: {
    /** One's own purchases, and for admins the organization's, newest first. `GET /api/purchases`, least role: member. */
    list(request?: { query?: {
        status?: 'pending' | 'completed' | 'refunded' | 'failed' | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListPurchasesOutput['data'][number]>;
    /** Every purchase, newest first. `GET /api/admin/purchases`, least role: superadmin. */
    listAll(request?: { query?: {
        status?: 'pending' | 'completed' | 'refunded' | 'failed' | undefined;
        user?: string | undefined;
        organization?: string | undefined;
        /** Id of the model that it opened. */
        model?: string | undefined;
        product?: string | undefined;
        /** Made at or after this time. */
        from?: string | undefined;
        /** Made before this time. */
        to?: string | undefined;
        limit?: number | undefined;
        cursor?: string | undefined;
      } } & RequestOptions): PageCall<ListAllPurchasesOutput['data'][number]>;
  };
}

/** The operations as the wire knows them. */
export const OPERATIONS = {
  signIn: {
    signUp: { method: 'POST', path: '/api/auth/sign-up/email', answers: 'json', isRepeatable: false },
    signIn: { method: 'POST', path: '/api/auth/sign-in/email', answers: 'json', isRepeatable: false },
    listSignInProviders: { method: 'GET', path: '/api/auth/providers', answers: 'json', isRepeatable: true },
    signInSocial: { method: 'POST', path: '/api/auth/sign-in/social', answers: 'json', isRepeatable: false },
    signOut: { method: 'POST', path: '/api/auth/sign-out', answers: 'nothing', isRepeatable: false },
    getSession: { method: 'GET', path: '/api/auth/get-session', answers: 'json', isRepeatable: true },
    sendVerificationEmail: { method: 'POST', path: '/api/auth/send-verification-email', answers: 'nothing', isRepeatable: false },
    verifyEmail: { method: 'POST', path: '/api/auth/verify-email', answers: 'nothing', isRepeatable: false },
    requestPasswordReset: { method: 'POST', path: '/api/auth/request-password-reset', answers: 'nothing', isRepeatable: false },
    resetPassword: { method: 'POST', path: '/api/auth/reset-password', answers: 'nothing', isRepeatable: false },
    changePassword: { method: 'POST', path: '/api/auth/change-password', answers: 'nothing', isRepeatable: true },
    updateUser: { method: 'POST', path: '/api/auth/update-user', answers: 'nothing', isRepeatable: true },
    listSessions: { method: 'GET', path: '/api/auth/sessions', answers: 'json', isRepeatable: true },
    revokeSession: { method: 'DELETE', path: '/api/auth/sessions/{id}', answers: 'nothing', isRepeatable: true },
    revokeOtherSessions: { method: 'POST', path: '/api/auth/sessions/revoke-others', answers: 'nothing', isRepeatable: true },
    enableTwoFactor: { method: 'POST', path: '/api/auth/two-factor/enable', answers: 'json', isRepeatable: true },
    verifyTotp: { method: 'POST', path: '/api/auth/two-factor/verify-totp', answers: 'json', isRepeatable: false },
    verifyRecoveryCode: { method: 'POST', path: '/api/auth/two-factor/verify-recovery-code', answers: 'json', isRepeatable: false },
    renewRecoveryCodes: { method: 'POST', path: '/api/auth/two-factor/recovery-codes', answers: 'json', isRepeatable: true },
    disableTwoFactor: { method: 'POST', path: '/api/auth/two-factor/disable', answers: 'nothing', isRepeatable: true },
  },
  organizations: {
    create: { method: 'POST', path: '/api/organizations', answers: 'json', isRepeatable: true },
    list: { method: 'GET', path: '/api/organizations', answers: 'page', isRepeatable: true },
    get: { method: 'GET', path: '/api/organizations/{id}', answers: 'json', isRepeatable: true },
    update: { method: 'PUT', path: '/api/organizations/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/organizations/{id}', answers: 'nothing', isRepeatable: true },
    restore: { method: 'POST', path: '/api/organizations/{id}/restore', answers: 'json', isRepeatable: true },
  },
  me: {
    get: { method: 'GET', path: '/api/me', answers: 'json', isRepeatable: true },
    getPermissions: { method: 'GET', path: '/api/permissions', answers: 'json', isRepeatable: true },
  },
  members: {
    list: { method: 'GET', path: '/api/organizations/users', answers: 'page', isRepeatable: true },
    get: { method: 'GET', path: '/api/organizations/users/{id}', answers: 'json', isRepeatable: true },
    update: { method: 'PUT', path: '/api/organizations/users/{id}', answers: 'json', isRepeatable: true },
    remove: { method: 'DELETE', path: '/api/organizations/users/{id}', answers: 'nothing', isRepeatable: true },
    pause: { method: 'POST', path: '/api/organizations/users/{id}/pause', answers: 'json', isRepeatable: true },
    resume: { method: 'POST', path: '/api/organizations/users/{id}/resume', answers: 'json', isRepeatable: true },
    leaveOrganization: { method: 'POST', path: '/api/organizations/leave', answers: 'nothing', isRepeatable: true },
    transferOwnership: { method: 'POST', path: '/api/organizations/transfer-ownership', answers: 'json', isRepeatable: true },
  },
  invitations: {
    inviteMembers: { method: 'POST', path: '/api/organizations/invite', answers: 'json', isRepeatable: true },
    list: { method: 'GET', path: '/api/organizations/invitations', answers: 'page', isRepeatable: true },
    resend: { method: 'POST', path: '/api/organizations/invitations/{id}/resend', answers: 'json', isRepeatable: true },
    revoke: { method: 'POST', path: '/api/organizations/invitations/{id}/revoke', answers: 'json', isRepeatable: true },
    preview: { method: 'POST', path: '/api/organizations/invitations/preview', answers: 'json', isRepeatable: false },
    accept: { method: 'POST', path: '/api/organizations/invitations/accept', answers: 'json', isRepeatable: true },
  },
  departments: {
    list: { method: 'GET', path: '/api/departments', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/departments', answers: 'json', isRepeatable: true },
    update: { method: 'PATCH', path: '/api/departments/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/departments/{id}', answers: 'nothing', isRepeatable: true },
  },
  domains: {
    list: { method: 'GET', path: '/api/organizations/domains', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/organizations/domains', answers: 'json', isRepeatable: true },
    verify: { method: 'POST', path: '/api/organizations/domains/{id}/verify', answers: 'json', isRepeatable: true },
    update: { method: 'PATCH', path: '/api/organizations/domains/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/organizations/domains/{id}', answers: 'nothing', isRepeatable: true },
  },
  onboarding: {
    get: { method: 'GET', path: '/api/onboarding', answers: 'json', isRepeatable: true },
    update: { method: 'PUT', path: '/api/onboarding', answers: 'json', isRepeatable: true },
    complete: { method: 'POST', path: '/api/onboarding/complete', answers: 'json', isRepeatable: true },
  },
  virtualKeys: {
    listApiKeys: { method: 'GET', path: '/api/api-keys', answers: 'page', isRepeatable: true },
    createApiKey: { method: 'POST', path: '/api/api-keys', answers: 'json', isRepeatable: true },
    updateApiKey: { method: 'PATCH', path: '/api/api-keys/{id}', answers: 'json', isRepeatable: true },
    rotateApiKey: { method: 'POST', path: '/api/api-keys/{id}/rotate', answers: 'json', isRepeatable: true },
    revokeApiKey: { method: 'POST', path: '/api/api-keys/{id}/revoke', answers: 'json', isRepeatable: true },
    validateApiKey: { method: 'POST', path: '/api/api-keys/{id}/validate', answers: 'json', isRepeatable: true },
    validateApiKeySecret: { method: 'POST', path: '/api/api-keys/validate', answers: 'json', isRepeatable: true },
  },
  apiTokens: {
    list: { method: 'GET', path: '/api/api-tokens', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/api-tokens', answers: 'json', isRepeatable: true },
    revoke: { method: 'POST', path: '/api/api-tokens/{id}/revoke', answers: 'json', isRepeatable: true },
  },
  providerKeys: {
    list: { method: 'GET', path: '/api/provider-keys', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/provider-keys', answers: 'json', isRepeatable: true },
    rotate: { method: 'POST', path: '/api/provider-keys/{id}/rotate', answers: 'json', isRepeatable: true },
    revoke: { method: 'POST', path: '/api/provider-keys/{id}/revoke', answers: 'json', isRepeatable: true },
    validate: { method: 'POST', path: '/api/provider-keys/{id}/validate', answers: 'json', isRepeatable: true },
  },
  systemTemplates: {
    listSystemModels: { method: 'GET', path: '/api/system-models', answers: 'page', isRepeatable: true },
    getSystemModel: { method: 'GET', path: '/api/system-models/{id}', answers: 'json', isRepeatable: true },
    createSystemModel: { method: 'POST', path: '/api/system-models', answers: 'json', isRepeatable: true },
    replaceSystemModel: { method: 'PUT', path: '/api/system-models/{id}', answers: 'json', isRepeatable: true },
    updateSystemModel: { method: 'PATCH', path: '/api/system-models/{id}', answers: 'json', isRepeatable: true },
    deleteSystemModel: { method: 'DELETE', path: '/api/system-models/{id}', answers: 'json', isRepeatable: true },
    activateSystemModel: { method: 'POST', path: '/api/system-models/{id}/activate', answers: 'json', isRepeatable: true },
    deactivateSystemModel: { method: 'POST', path: '/api/system-models/{id}/deactivate', answers: 'json', isRepeatable: true },
    featureSystemModel: { method: 'POST', path: '/api/system-models/{id}/feature', answers: 'json', isRepeatable: true },
    unfeatureSystemModel: { method: 'POST', path: '/api/system-models/{id}/unfeature', answers: 'json', isRepeatable: true },
    previewSystemModel: { method: 'GET', path: '/api/system-models/{id}/preview', answers: 'json', isRepeatable: true },
    listSystemModelOrganizations: { method: 'GET', path: '/api/system-models/{id}/organizations', answers: 'page', isRepeatable: true },
    listSystemModelRevisions: { method: 'GET', path: '/api/system-models/{id}/revisions', answers: 'page', isRepeatable: true },
    rollbackSystemModel: { method: 'POST', path: '/api/system-models/{id}/rollback', answers: 'json', isRepeatable: true },
    getSystemModelUsage: { method: 'GET', path: '/api/system-models/{id}/usage', answers: 'json', isRepeatable: true },
    enableSystemModel: { method: 'POST', path: '/api/system-models/{id}/enable', answers: 'json', isRepeatable: true },
    disableSystemModel: { method: 'POST', path: '/api/system-models/{id}/disable', answers: 'json', isRepeatable: true },
    setSystemModelLimit: { method: 'POST', path: '/api/system-models/{id}/set-limit', answers: 'json', isRepeatable: true },
  },
  organizationTemplates: {
    listOrganizationModels: { method: 'GET', path: '/api/organization-models', answers: 'page', isRepeatable: true },
    createOrganizationModel: { method: 'POST', path: '/api/organization-models', answers: 'json', isRepeatable: true },
    getOrganizationModel: { method: 'GET', path: '/api/organization-models/{id}', answers: 'json', isRepeatable: true },
    updateOrganizationModel: { method: 'PATCH', path: '/api/organization-models/{id}', answers: 'json', isRepeatable: true },
    deleteOrganizationModel: { method: 'DELETE', path: '/api/organization-models/{id}', answers: 'nothing', isRepeatable: true },
  },
  myModels: {
    list: { method: 'GET', path: '/api/my-models', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/my-models', answers: 'json', isRepeatable: true },
    get: { method: 'GET', path: '/api/my-models/{id}', answers: 'json', isRepeatable: true },
    update: { method: 'PATCH', path: '/api/my-models/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/my-models/{id}', answers: 'nothing', isRepeatable: true },
  },
  templates: {
    list: { method: 'GET', path: '/api/templates', answers: 'page', isRepeatable: true },
    get: { method: 'GET', path: '/api/templates/{id}', answers: 'json', isRepeatable: true },
  },
  audit: {
    listAuditLogs: { method: 'GET', path: '/api/audit-logs', answers: 'page', isRepeatable: true },
    exportAuditLogs: { method: 'GET', path: '/api/audit-logs/export.csv', answers: 'file', isRepeatable: true },
    verifyAuditLogs: { method: 'GET', path: '/api/audit-logs/verify', answers: 'json', isRepeatable: true },
    listActivity: { method: 'GET', path: '/api/activity', answers: 'page', isRepeatable: true },
  },
  administration: {
    listAllAuditLogs: { method: 'GET', path: '/api/admin/audit-logs', answers: 'page', isRepeatable: true },
  },
  platformUsers: {
    listUsers: { method: 'GET', path: '/api/admin/users', answers: 'page', isRepeatable: true },
    exportUsers: { method: 'GET', path: '/api/admin/users/export.csv', answers: 'file', isRepeatable: true },
    getUser: { method: 'GET', path: '/api/admin/users/{id}', answers: 'json', isRepeatable: true },
    createUser: { method: 'POST', path: '/api/admin/users', answers: 'json', isRepeatable: true },
    updateAdminUser: { method: 'PUT', path: '/api/admin/users/{id}', answers: 'json', isRepeatable: true },
    deleteUser: { method: 'DELETE', path: '/api/admin/users/{id}', answers: 'nothing', isRepeatable: true },
    banUser: { method: 'POST', path: '/api/admin/users/{id}/ban', answers: 'json', isRepeatable: true },
    unbanUser: { method: 'POST', path: '/api/admin/users/{id}/unban', answers: 'json', isRepeatable: true },
    listUserSessions: { method: 'GET', path: '/api/admin/users/{id}/sessions', answers: 'json', isRepeatable: true },
    endUserSessions: { method: 'DELETE', path: '/api/admin/users/{id}/sessions', answers: 'nothing', isRepeatable: true },
    endUserSession: { method: 'DELETE', path: '/api/admin/users/{id}/sessions/{session_id}', answers: 'nothing', isRepeatable: true },
    changeUsers: { method: 'POST', path: '/api/admin/users/bulk', answers: 'json', isRepeatable: true },
  },
  impersonation: {
    impersonateUser: { method: 'POST', path: '/api/admin/users/{id}/impersonate', answers: 'json', isRepeatable: true },
    stopImpersonating: { method: 'POST', path: '/api/admin/stop-impersonating', answers: 'json', isRepeatable: true },
  },
  platformOrganizations: {
    listAllOrganizations: { method: 'GET', path: '/api/admin/organizations', answers: 'page', isRepeatable: true },
    getAnyOrganization: { method: 'GET', path: '/api/admin/organizations/{id}', answers: 'json', isRepeatable: true },
    updateAnyOrganization: { method: 'PUT', path: '/api/admin/organizations/{id}', answers: 'json', isRepeatable: true },
    suspendOrganization: { method: 'POST', path: '/api/admin/organizations/{id}/suspend', answers: 'json', isRepeatable: true },
    resumeOrganization: { method: 'POST', path: '/api/admin/organizations/{id}/resume', answers: 'json', isRepeatable: true },
  },
  platform: {
    getSystemUsage: { method: 'GET', path: '/api/admin/usage', answers: 'json', isRepeatable: true },
    getSystemConfig: { method: 'GET', path: '/api/admin/config', answers: 'json', isRepeatable: true },
    updateSystemConfig: { method: 'PUT', path: '/api/admin/config', answers: 'json', isRepeatable: true },
    getSystemHealth: { method: 'GET', path: '/api/admin/health', answers: 'json', isRepeatable: true },
    listMail: { method: 'GET', path: '/api/admin/mail', answers: 'page', isRepeatable: true },
    getMail: { method: 'GET', path: '/api/admin/mail/{id}', answers: 'json', isRepeatable: true },
    listJobs: { method: 'GET', path: '/api/admin/jobs', answers: 'json', isRepeatable: true },
    listJobRuns: { method: 'GET', path: '/api/admin/jobs/{name}/runs', answers: 'page', isRepeatable: true },
    runJob: { method: 'POST', path: '/api/admin/jobs/{name}/run', answers: 'json', isRepeatable: true },
    listProductEvents: { method: 'GET', path: '/api/admin/product-events', answers: 'page', isRepeatable: true },
  },
  credits: {
    check: { method: 'POST', path: '/api/v1/tokens/check-balance', answers: 'json', isRepeatable: true },
    getCreditStats: { method: 'GET', path: '/api/v1/tokens/stats', answers: 'json', isRepeatable: true },
    listCreditLedger: { method: 'GET', path: '/api/v1/tokens/ledger', answers: 'page', isRepeatable: true },
    refund: { method: 'POST', path: '/api/v1/tokens/refund', answers: 'json', isRepeatable: true },
    grant: { method: 'POST', path: '/api/v1/tokens/grant', answers: 'json', isRepeatable: true },
  },
  modelOffers: {
    list: { method: 'GET', path: '/api/models', answers: 'json', isRepeatable: true },
    get: { method: 'GET', path: '/api/models/{id}', answers: 'json', isRepeatable: true },
    getModelTrialStatus: { method: 'GET', path: '/api/models/{id}/trial-status', answers: 'json', isRepeatable: true },
    getModelUsage: { method: 'GET', path: '/api/models/{id}/usage', answers: 'json', isRepeatable: true },
  },
  profile: {
    get: { method: 'GET', path: '/api/profile', answers: 'json', isRepeatable: true },
    update: { method: 'PATCH', path: '/api/profile', answers: 'json', isRepeatable: true },
    updateModelPreferences: { method: 'PATCH', path: '/api/profile/model-preferences', answers: 'json', isRepeatable: true },
  },
  personas: {
    list: { method: 'GET', path: '/api/personas', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/personas', answers: 'json', isRepeatable: true },
    update: { method: 'PATCH', path: '/api/personas/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/personas/{id}', answers: 'nothing', isRepeatable: true },
    listPlatform: { method: 'GET', path: '/api/admin/personas', answers: 'page', isRepeatable: true },
    listOrganization: { method: 'GET', path: '/api/organization-personas', answers: 'page', isRepeatable: true },
    createOrganization: { method: 'POST', path: '/api/organization-personas', answers: 'json', isRepeatable: true },
    updateOrganization: { method: 'PATCH', path: '/api/organization-personas/{id}', answers: 'json', isRepeatable: true },
    deleteOrganization: { method: 'DELETE', path: '/api/organization-personas/{id}', answers: 'nothing', isRepeatable: true },
  },
  modelCatalog: {
    listAdminModels: { method: 'GET', path: '/api/admin/models', answers: 'page', isRepeatable: true },
    exportModels: { method: 'GET', path: '/api/admin/models/export.csv', answers: 'file', isRepeatable: true },
    createModel: { method: 'POST', path: '/api/admin/models', answers: 'json', isRepeatable: true },
    getAdminModel: { method: 'GET', path: '/api/admin/models/{id}', answers: 'json', isRepeatable: true },
    updateModel: { method: 'PATCH', path: '/api/admin/models/{id}', answers: 'json', isRepeatable: true },
    deleteModel: { method: 'DELETE', path: '/api/admin/models/{id}', answers: 'nothing', isRepeatable: true },
    enableModel: { method: 'POST', path: '/api/admin/models/{id}/enable', answers: 'json', isRepeatable: true },
    disableModel: { method: 'POST', path: '/api/admin/models/{id}/disable', answers: 'json', isRepeatable: true },
    changeModels: { method: 'POST', path: '/api/admin/models/bulk', answers: 'json', isRepeatable: true },
    listAffectedByModel: { method: 'GET', path: '/api/admin/models/{id}/affected', answers: 'json', isRepeatable: true },
    getModelStats: { method: 'GET', path: '/api/admin/models/{id}/stats', answers: 'json', isRepeatable: true },
  },
  modelPrices: {
    list: { method: 'GET', path: '/api/admin/models/{id}/prices', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/admin/models/{id}/prices', answers: 'json', isRepeatable: true },
    createPriceImport: { method: 'POST', path: '/api/admin/models/price-import', answers: 'json', isRepeatable: true },
    listPriceImports: { method: 'GET', path: '/api/admin/models/price-imports', answers: 'page', isRepeatable: true },
    getPriceImport: { method: 'GET', path: '/api/admin/models/price-imports/{id}', answers: 'json', isRepeatable: true },
    approvePriceImport: { method: 'POST', path: '/api/admin/models/price-imports/{id}/approve', answers: 'json', isRepeatable: true },
  },
  modelAccess: {
    listModelGrants: { method: 'GET', path: '/api/admin/models/{id}/grants', answers: 'page', isRepeatable: true },
    grant: { method: 'POST', path: '/api/admin/models/{id}/grant-access', answers: 'json', isRepeatable: true },
    revokeModelGrant: { method: 'DELETE', path: '/api/admin/models/grants/{grantId}', answers: 'nothing', isRepeatable: true },
  },
  limits: {
    checkQuota: { method: 'POST', path: '/api/quota/check', answers: 'json', isRepeatable: true },
    getEffective: { method: 'GET', path: '/api/limits/effective', answers: 'json', isRepeatable: true },
    createLimitRequest: { method: 'POST', path: '/api/limit-requests', answers: 'json', isRepeatable: true },
    listLimitRequests: { method: 'GET', path: '/api/limit-requests', answers: 'page', isRepeatable: true },
    approveLimitRequest: { method: 'POST', path: '/api/limit-requests/{id}/approve', answers: 'json', isRepeatable: true },
    denyLimitRequest: { method: 'POST', path: '/api/limit-requests/{id}/deny', answers: 'json', isRepeatable: true },
    listLimitOverrides: { method: 'GET', path: '/api/limits/overrides', answers: 'page', isRepeatable: true },
    revokeLimitOverride: { method: 'DELETE', path: '/api/limits/overrides/{id}', answers: 'nothing', isRepeatable: true },
  },
  denials: {
    list: { method: 'GET', path: '/api/denials', answers: 'page', isRepeatable: true },
    get: { method: 'GET', path: '/api/denials/{id}', answers: 'json', isRepeatable: true },
  },
  budgets: {
    list: { method: 'GET', path: '/api/budgets', answers: 'page', isRepeatable: true },
    listBudgetStatus: { method: 'GET', path: '/api/budgets/status', answers: 'page', isRepeatable: true },
    create: { method: 'POST', path: '/api/budgets', answers: 'json', isRepeatable: true },
    get: { method: 'GET', path: '/api/budgets/{id}', answers: 'json', isRepeatable: true },
    update: { method: 'PUT', path: '/api/budgets/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/budgets/{id}', answers: 'nothing', isRepeatable: true },
    getBudgetForecast: { method: 'GET', path: '/api/budgets/{id}/forecast', answers: 'json', isRepeatable: true },
    getBudgetReport: { method: 'GET', path: '/api/budgets/{id}/report', answers: 'json', isRepeatable: true },
    checkBudgetAlerts: { method: 'POST', path: '/api/budgets/alert', answers: 'json', isRepeatable: true },
  },
  platformBudgets: {
    listAdminBudgets: { method: 'GET', path: '/api/admin/budgets', answers: 'page', isRepeatable: true },
    listAdminBudgetStatus: { method: 'GET', path: '/api/admin/budgets/status', answers: 'page', isRepeatable: true },
    createAdminBudget: { method: 'POST', path: '/api/admin/budgets', answers: 'json', isRepeatable: true },
    getAdminBudget: { method: 'GET', path: '/api/admin/budgets/{id}', answers: 'json', isRepeatable: true },
    updateAdminBudget: { method: 'PUT', path: '/api/admin/budgets/{id}', answers: 'json', isRepeatable: true },
    deleteAdminBudget: { method: 'DELETE', path: '/api/admin/budgets/{id}', answers: 'nothing', isRepeatable: true },
    getAdminBudgetForecast: { method: 'GET', path: '/api/admin/budgets/{id}/forecast', answers: 'json', isRepeatable: true },
  },
  chat: {
    sendChatMessage: { method: 'POST', path: '/api/chat', answers: 'file', isRepeatable: true },
  },
  conversations: {
    list: { method: 'GET', path: '/api/conversations', answers: 'page', isRepeatable: true },
    listConversationCounts: { method: 'GET', path: '/api/conversations/counts', answers: 'page', isRepeatable: true },
    get: { method: 'GET', path: '/api/conversations/{id}', answers: 'json', isRepeatable: true },
    update: { method: 'PATCH', path: '/api/conversations/{id}', answers: 'json', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/conversations/{id}', answers: 'nothing', isRepeatable: true },
  },
  notifications: {
    list: { method: 'GET', path: '/api/notifications', answers: 'page', isRepeatable: true },
    countUnread: { method: 'GET', path: '/api/notifications/unread', answers: 'json', isRepeatable: true },
    markNotificationsRead: { method: 'POST', path: '/api/notifications/mark-read', answers: 'json', isRepeatable: true },
    getNotificationPreferences: { method: 'GET', path: '/api/notifications/preferences', answers: 'json', isRepeatable: true },
    updateNotificationPreferences: { method: 'PUT', path: '/api/notifications/preferences', answers: 'nothing', isRepeatable: true },
    stream: { method: 'GET', path: '/api/notifications/stream', answers: 'file', isRepeatable: true },
    delete: { method: 'DELETE', path: '/api/notifications/{id}', answers: 'nothing', isRepeatable: true },
  },
  alerts: {
    list: { method: 'GET', path: '/api/alerts', answers: 'page', isRepeatable: true },
    acknowledge: { method: 'POST', path: '/api/alerts/{id}/acknowledge', answers: 'json', isRepeatable: true },
    listOrganizationAlertRules: { method: 'GET', path: '/api/alert-rules', answers: 'json', isRepeatable: true },
    updateOrganizationAlertRule: { method: 'PUT', path: '/api/alert-rules/{key}', answers: 'json', isRepeatable: true },
    listPlatform: { method: 'GET', path: '/api/admin/alerts', answers: 'page', isRepeatable: true },
    acknowledgePlatform: { method: 'POST', path: '/api/admin/alerts/{id}/acknowledge', answers: 'json', isRepeatable: true },
    listAlertRules: { method: 'GET', path: '/api/admin/alert-rules', answers: 'json', isRepeatable: true },
    updateAlertRule: { method: 'PUT', path: '/api/admin/alert-rules/{key}', answers: 'json', isRepeatable: true },
  },
  usage: {
    getMy: { method: 'GET', path: '/api/usage/me', answers: 'json', isRepeatable: true },
    getOrganization: { method: 'GET', path: '/api/usage/organization', answers: 'json', isRepeatable: true },
    listUsageEvents: { method: 'GET', path: '/api/usage/events', answers: 'page', isRepeatable: true },
    getUsageEvent: { method: 'GET', path: '/api/usage/events/{id}', answers: 'json', isRepeatable: true },
    record: { method: 'POST', path: '/api/usage', answers: 'json', isRepeatable: true },
    getUsageReport: { method: 'GET', path: '/api/usage/report', answers: 'json', isRepeatable: true },
    export: { method: 'GET', path: '/api/usage/export.csv', answers: 'file', isRepeatable: true },
    previewImpact: { method: 'POST', path: '/api/impact/preview', answers: 'json', isRepeatable: true },
    previewPlatformImpact: { method: 'POST', path: '/api/admin/impact/preview', answers: 'json', isRepeatable: true },
  },
  purchases: {
    list: { method: 'GET', path: '/api/purchases', answers: 'page', isRepeatable: true },
    listAll: { method: 'GET', path: '/api/admin/purchases', answers: 'page', isRepeatable: true },
  },
} as const;
