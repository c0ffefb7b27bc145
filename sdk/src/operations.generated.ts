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
  allowed_routes?: ('chat_completions' | 'embeddings' | 'messages' | 'count_tokens')[] | null | undefined;
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
  allowed_routes?: ('chat_completions' | 'embeddings' | 'messages' | 'count_tokens')[] | null | undefined;
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
    updateUser(request: { body: UpdateUserInput } & RequestOptions): Call<void>;
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
      }; body: PauseMemberInput } & RequestOptions): Call<PauseMemberOutput>;
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
      }; body: RotateApiKeyInput } & RequestOptions): Call<RotateApiKeyOutput>;
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
  },
  credits: {
    check: { method: 'POST', path: '/api/v1/tokens/check-balance', answers: 'json', isRepeatable: true },
    getCreditStats: { method: 'GET', path: '/api/v1/tokens/stats', answers: 'json', isRepeatable: true },
    listCreditLedger: { method: 'GET', path: '/api/v1/tokens/ledger', answers: 'page', isRepeatable: true },
    refund: { method: 'POST', path: '/api/v1/tokens/refund', answers: 'json', isRepeatable: true },
    grant: { method: 'POST', path: '/api/v1/tokens/grant', answers: 'json', isRepeatable: true },
  },
} as const;
