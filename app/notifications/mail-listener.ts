import type { DeliveredEvent, OutcomeNote, OutwardListener } from '#core/events/listener.ts';
import type { Mailer, Posted } from '#core/mail/mail.ts';
import type { Links, MailDraft, Mailing } from '../mail.ts';
import { logMail, wasMailed } from './mail-log.ts';
import type { MailRenderer } from './mail-renderer.ts';
import { notifyMailsFailing } from './notify-mails-failing.ts';
import { notify } from './notify.ts';

/** What it takes to write mails and hand them over. */
export interface PostOffice {
  readonly renderer: MailRenderer;
  readonly links: Links;
  /** Null when this server sends no mails. */
  readonly mailer: Mailer | null;
}

/** Sends the mails of a domain. A mail that is refused for good is not repeated: staff are told. */
export function mailed(mailing: Mailing): OutwardListener<PostOffice> {
  return {
    name: `mail_${mailing.name}`,
    ...(mailing.concerns && { concerns: mailing.concerns }),
    prepare: async (tx, event, { renderer, links, mailer }) => {
      if (mailer === null || (await wasMailed(tx, event, mailing.name))) return null;
      const draft = await mailing.draft(tx, event, links);
      if (draft === null || draft.to.length === 0) return null;
      return async () => {
        const outcome = await mailer.send({
          id: `${event.id}.${mailing.name}`,
          senderName: draft.sender.name,
          to: draft.to,
          ...renderer.render(draft),
        });
        return outcomeNote({ mailing, draft, event, outcome });
      };
    },
    giveUp: notifyMailsFailing,
  };
}

interface Outcome {
  readonly mailing: Mailing;
  readonly draft: MailDraft;
  readonly event: DeliveredEvent;
  readonly outcome: Posted;
}

function outcomeNote({ mailing, draft, event, outcome }: Outcome): OutcomeNote {
  return async (tx) => {
    await logMail(tx, event, { mailing: mailing.name, mail: draft.mail, outcome });
    if (outcome === 'sent') return;
    const title = `A mail about ${draft.about} was refused`;
    const body = 'The address does not exist or does not take mails. It will not be tried again.';
    await notify(tx, event, { kind: 'mail_refused', title, body });
  };
}
