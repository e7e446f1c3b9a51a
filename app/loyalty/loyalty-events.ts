import type { DomainEvent } from '#core/events/event.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import { customerLoyaltyChannel } from './loyalty-channels.ts';

/** A customer's points after a change; the version counts the changes. */
export interface PointsBalance {
  readonly public_id: string;
  readonly points: number;
  readonly version: number;
}

interface Occasion {
  readonly actor: Actor;
  readonly at: Date;
}

/** A customer's points changed. */
export function pointsUpdated(
  { public_id, points, version }: PointsBalance,
  { actor, at }: Occasion,
): DomainEvent {
  const payload = { points };
  return {
    type: 'LoyaltyPointsUpdated',
    entity: 'customer',
    entityId: public_id,
    entityVersion: version,
    actor: actorName(actor),
    payload,
    streams: [{ channel: customerLoyaltyChannel(public_id), payload }],
    occurredAt: at,
  };
}
