import type { DomainEvent } from '#core/events/event.ts';
import { opaqueId } from '#core/values/ids.ts';

/** Someone wants a new password. Carries the row that the mail's link leads to, and nobody's address. */
export function passwordResetRequested(resetId: number, at: Date): DomainEvent {
  return {
    ...requested(at),
    type: 'PasswordResetRequested',
    entity: 'password_reset',
    entityId: opaqueId('rs', resetId),
    payload: { reset_id: resetId },
  };
}

/** Someone wants an account, and must prove that the mailbox is theirs. */
export function registrationRequested(registrationId: number, at: Date): DomainEvent {
  return {
    ...requested(at),
    type: 'RegistrationRequested',
    entity: 'registration',
    entityId: opaqueId('rg', registrationId),
    payload: { registration_id: registrationId },
  };
}

/** A customer wants to sign in with another address, and must prove that its mailbox is theirs. */
export function emailChangeRequested(changeId: number, at: Date): DomainEvent {
  return {
    ...requested(at),
    type: 'EmailChangeRequested',
    entity: 'email_change',
    entityId: opaqueId('ec', changeId),
    payload: { change_id: changeId },
  };
}

function requested(at: Date): Pick<DomainEvent, 'actor' | 'entityVersion' | 'occurredAt' | 'streams'> {
  // Whoever asks has not shown yet who they are.
  return { actor: 'visitor', entityVersion: 1, occurredAt: at, streams: [] };
}
