// Owns: putting the acts on templates together and giving their routes. Not: any act.

import type { Route } from '../../../contracts/route.ts';
import { myTemplateRoutes } from './my-template.routes.ts';
import { createOwnTemplateService } from './my-template.service.ts';
import { templateRoutes } from './template.routes.ts';
import { createTemplateService } from './template.service.ts';
import { templateConfigRoutes } from './template-config.routes.ts';
import { createTemplateConfigService } from './template-config.service.ts';
import { templateOfferRoutes } from './template-offer.routes.ts';
import { createTemplateOfferService } from './template-offer.service.ts';
import { templateReportRoutes } from './template-report.routes.ts';
import { createTemplateReportService } from './template-report.service.ts';
import { createTemplateRevisionService } from './template-revision.service.ts';
import { createTemplateWriter, type TemplateParts } from './template-writer.ts';

/** The routes of templates: the platform's, organizations', people's own, and what is left of them. */
export function createTemplates(parts: TemplateParts): Route[] {
  const writer = createTemplateWriter(parts);
  const templates = createTemplateService(parts, writer);
  return [
    ...templateRoutes({ templates }),
    ...templateReportRoutes({
      ...{ templates, reports: createTemplateReportService(parts) },
      revisions: createTemplateRevisionService(parts, writer),
    }),
    ...templateConfigRoutes({ configs: createTemplateConfigService(parts) }),
    ...myTemplateRoutes({
      organizationTemplates: createOwnTemplateService(parts, writer, 'organization'),
      myTemplates: createOwnTemplateService(parts, writer, 'user'),
    }),
    ...templateOfferRoutes({ offers: createTemplateOfferService(parts) }),
  ];
}
