// Owns: the demo world's templates and personas. Not: who has switched which on (demo-world.ts).

import type { PlanSlug } from '../../../contracts/enumerations.ts';

/** One task of a template. */
interface DemoTask {
  id: string;
  title: string;
  prompt: string;
  variables: readonly { name: string; label: string; required: boolean }[];
}

interface DemoTemplate {
  slug: string;
  name: string;
  role: string;
  description: string;
  icon: string;
  system_message: string;
  tasks: readonly DemoTask[];
  business_types: readonly string[];
  required_plan: PlanSlug;
  token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
  token_limit_amount: bigint | null;
  is_free: boolean;
  is_trial: boolean;
  trial_expires_days: number | null;
  is_featured: boolean;
  tags: readonly string[];
}

function task(id: string, title: string, content: { prompt: string; variables: readonly string[] }): DemoTask {
  const variables = content.variables.map((name) => ({ name, label: name.replaceAll('_', ' '), required: true }));
  return { id, title, prompt: content.prompt, variables };
}

/** System templates, so chosen that each demo organization sees another set. */
export const demoSystemTemplates: readonly DemoTemplate[] = [
  {
    slug: 'quick-summary',
    name: 'Quick summary',
    role: 'Editor',
    description: 'Any text in five sentences. Free for everybody.',
    icon: 'file-text',
    system_message: 'You summarise texts in at most five plain sentences. You add nothing that the text does not say.',
    tasks: [task('summarise', 'Summarise a text', { prompt: 'Summarise this text:\n\n{{text}}', variables: ['text'] })],
    business_types: [],
    required_plan: 'free',
    token_limit_period: null,
    token_limit_amount: null,
    is_free: true,
    is_trial: false,
    trial_expires_days: null,
    is_featured: false,
    tags: ['summary', 'free'],
  },
  {
    slug: 'competitor-brief',
    name: 'Competitor brief',
    role: 'Analyst',
    description: 'A page on a competitor. To try for seven days.',
    icon: 'binoculars',
    system_message: 'You write sober briefs on companies from what the user tells you, and say what is not known.',
    tasks: [
      task('brief', 'Write a brief', {
        prompt: 'Write a brief on {{company}}. What we know: {{facts}}',
        variables: ['company', 'facts'],
      }),
    ],
    business_types: [],
    required_plan: 'free',
    token_limit_period: 'monthly',
    token_limit_amount: 20_000n,
    is_free: false,
    is_trial: true,
    trial_expires_days: 7,
    is_featured: false,
    tags: ['research', 'trial'],
  },
  {
    slug: 'social-post-ideas',
    name: 'Social post ideas',
    role: 'Social media manager',
    description: 'Posts for the week, a little every day.',
    icon: 'message-circle',
    system_message: 'You suggest short posts that fit the channel and promise nothing that the user has not said.',
    tasks: [
      task('ideas', 'Five ideas', {
        prompt: 'Give five ideas for posts about {{topic}} on {{channel}}.',
        variables: ['topic', 'channel'],
      }),
      task('rewrite', 'Rewrite a post', {
        prompt: 'Rewrite this post for {{channel}}: {{post}}',
        variables: ['channel', 'post'],
      }),
    ],
    business_types: [],
    required_plan: 'starter',
    token_limit_period: 'daily',
    token_limit_amount: 5000n,
    is_free: false,
    is_trial: false,
    trial_expires_days: null,
    is_featured: false,
    tags: ['social', 'marketing'],
  },
  {
    slug: 'blog-content-writer',
    name: 'Blog content writer',
    role: 'Content writer',
    description: 'From an idea to a finished article.',
    icon: 'pencil',
    system_message:
      'You write articles for a company blog: clear, concrete, with short paragraphs and honest headings.',
    tasks: [
      task('ideas', 'Find ideas', {
        prompt: 'Suggest ten articles about {{topic}} for {{audience}}.',
        variables: ['topic', 'audience'],
      }),
      task('outline', 'Make an outline', {
        prompt: 'Make an outline for an article titled "{{title}}".',
        variables: ['title'],
      }),
      task('draft', 'Write a draft', {
        prompt: 'Write the article from this outline:\n\n{{outline}}',
        variables: ['outline'],
      }),
      task('improve', 'Improve a text', {
        prompt: 'Improve this text without making it longer:\n\n{{text}}',
        variables: ['text'],
      }),
      task('headline', 'Find a headline', {
        prompt: 'Suggest five headlines for this article:\n\n{{text}}',
        variables: ['text'],
      }),
    ],
    business_types: [],
    required_plan: 'pro',
    token_limit_period: 'monthly',
    token_limit_amount: 10_000n,
    is_free: false,
    is_trial: false,
    trial_expires_days: null,
    is_featured: true,
    tags: ['blog', 'content', 'writing'],
  },
  {
    slug: 'policy-reviewer',
    name: 'Policy reviewer',
    role: 'Compliance officer',
    description: 'Reads policies and finds what contradicts.',
    icon: 'shield',
    system_message: 'You read internal policies and list contradictions and gaps, each with the passage that shows it.',
    tasks: [task('review', 'Review a policy', { prompt: 'Review this policy:\n\n{{policy}}', variables: ['policy'] })],
    business_types: [],
    required_plan: 'enterprise',
    token_limit_period: 'weekly',
    token_limit_amount: 100_000n,
    is_free: false,
    is_trial: false,
    trial_expires_days: null,
    is_featured: false,
    tags: ['compliance'],
  },
  {
    slug: 'plain-language-letter',
    name: 'Plain language letter',
    role: 'Medical writer',
    description: 'Letters that patients understand. For healthcare only.',
    icon: 'heart',
    system_message:
      'You rewrite medical letters in plain language. You give no advice of your own and change no finding.',
    tasks: [
      task('rewrite', 'Rewrite a letter', {
        prompt: 'Rewrite this letter in plain language:\n\n{{letter}}',
        variables: ['letter'],
      }),
    ],
    business_types: ['healthcare'],
    required_plan: 'free',
    token_limit_period: 'monthly',
    token_limit_amount: 50_000n,
    is_free: false,
    is_trial: false,
    trial_expires_days: null,
    is_featured: false,
    tags: ['health', 'letters'],
  },
];

/** Which system templates each demo organization's admin has switched on for the people, with a limit of their own or null. */
export const demoEnabledTemplates: Readonly<
  Record<PlanSlug, readonly (readonly [slug: string, tokenLimitPerUser: bigint | null])[]>
> = {
  free: [['quick-summary', null]],
  starter: [
    ['quick-summary', null],
    ['social-post-ideas', 2000n],
  ],
  pro: [
    ['quick-summary', null],
    ['competitor-brief', null],
    ['blog-content-writer', null],
  ],
  enterprise: [
    ['quick-summary', null],
    ['blog-content-writer', 50_000n],
    ['policy-reviewer', null],
    ['plain-language-letter', null],
  ],
};

/** Platform personas. */
export const demoPersonas = [
  {
    slug: 'coach',
    name: 'Kit, the coach',
    description: 'Asks before advising and ends with one next step.',
    system_prompt: 'You are Kit, a friendly coach. Ask one question at a time and end with a small next step.',
  },
  {
    slug: 'analyst',
    name: 'Noor, the analyst',
    description: 'Figures first, opinions marked as such.',
    system_prompt:
      'You are Noor, an analyst. State the figures first, then what they may mean, and mark guesses as guesses.',
  },
  {
    slug: 'editor',
    name: 'Remy, the editor',
    description: 'Cuts every text by a third.',
    system_prompt: 'You are Remy, an editor. You make texts shorter and clearer and keep the writer’s voice.',
  },
] as const;
