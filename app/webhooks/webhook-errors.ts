import type { ErrorRow } from '#core/http/error-table.ts';

/** The refusals of this domain; the shop's table spreads them. */
export const webhookErrors = {
  WEBHOOK_ENDPOINT_NOT_FOUND: {
    status: 404,
    title: 'No such webhook endpoint',
    help: 'It may have been deleted.',
  },
  WEBHOOK_DELIVERY_NOT_FOUND: {
    status: 404,
    title: 'No such webhook delivery',
    help: 'Deliveries are kept for thirty days.',
  },
  WEBHOOK_ADDRESS_REFUSED: {
    status: 422,
    title: 'This address cannot be called',
    help: 'Give an address on the public internet that begins with https://.',
  },
  WEBHOOK_ENDPOINT_CHANGED: {
    status: 409,
    title: 'Someone else changed this endpoint',
    help: 'Look at its present state and decide again.',
  },
  TOO_MANY_WEBHOOK_ENDPOINTS: {
    status: 409,
    title: 'There are too many webhook endpoints',
    help: 'Delete one that is no longer needed.',
  },
  WEBHOOK_PAUSED: {
    status: 409,
    title: 'The endpoint takes nothing at the moment',
    help: 'Switch it on first.',
  },
  WEBHOOK_IN_PROGRESS: {
    status: 409,
    title: 'A call is under way',
    help: 'Look what becomes of it.',
  },
} as const satisfies Record<string, ErrorRow>;
