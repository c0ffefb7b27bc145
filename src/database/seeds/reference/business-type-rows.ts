// Owns: the industries an organization can say it is in, as first seeded. Not: which templates fit which.

const industries: readonly (readonly [slug: string, name: string, description: string])[] = [
  ['retail', 'Retail', 'Shops and online sales.'],
  ['healthcare', 'Healthcare', 'Practices, clinics and care.'],
  ['finance', 'Finance', 'Banking, insurance and accounting.'],
  ['education', 'Education', 'Schools, universities and training.'],
  ['agency', 'Agency', 'Marketing, design and consulting for clients.'],
  ['real_estate', 'Real estate', 'Selling, letting and keeping property.'],
  ['hospitality', 'Hospitality', 'Hotels, restaurants and travel.'],
  ['manufacturing', 'Manufacturing', 'Making goods.'],
  ['software', 'Software', 'Making and running software.'],
  ['nonprofit', 'Nonprofit', 'Charities and associations.'],
  ['legal', 'Legal', 'Law firms and legal departments.'],
  ['logistics', 'Logistics', 'Transport and storage.'],
  ['media', 'Media', 'Publishing, film and games.'],
  ['public_sector', 'Public sector', 'Authorities and public services.'],
  ['other', 'Other', 'Everything else.'],
];

/** Rows of business_types, in the order they are offered. */
export const businessTypeRows = industries.map(([slug, name, description], index) => ({
  slug,
  name,
  description,
  sort_order: (index + 1) * 10,
}));
