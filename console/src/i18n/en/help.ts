export const enHelp = {
  'help.overview':
    'Start here. The numbers lead to the lists behind them.\nThe box “Waiting for a person” is the one to keep empty:\n- Accounts without an owner: nobody in particular is told of their findings. Give them a team.\n- Parked deliveries: a channel was deleted or a token was revoked. Mend it, then send again.\n- Unknown events: kept, but not understood. Their raw text is on the Delivery page.',
  'help.messages':
    'Every message Yagura delivered, by channel, newest first. Answers in the thread are below their message.\nThe buttons do the same as in Slack:\n- Acknowledge: you have seen it and are on it.\n- Assign to me: you are the person to ask.\n- Accept risk: silence it, with a reason and an end of at most 90 days.\n- Why did I get this?: the route that matched.',
  'help.findings':
    'One row per problem, however often and on whichever way it was reported.\nFilter by typing a word, or choose a property such as Team and then a value. Several values of one property are alternatives; different properties must all hold.\nThe address of the page keeps the filter, the order and the page, so it can be shared.\nSelect rows to acknowledge or assign several findings at once.',
  'help.finding':
    'Everything known about one problem.\n- Overview: what happened, where, and what to do.\n- History: every change and every decision, with the person who took it.\n- Who was told and why: each destination, decided by the routes in force now.\n- Messages: the threads that carry it.\n- Raw event: the latest event as AWS sent it.',
  'help.accounts':
    'An account gets its owner from an entry in yagura.yaml, else from its tag, else from its OU.\nAccounts without an owner come first. Their findings go to the central channels, and the message says so.\nAn id that appears in events but not in the directory is marked; it may be new, closed, or not yours.',
  'help.routes':
    'Paste an event, or take the one of a finding, and see who would get which message and why. Nothing is stored or sent.\nThe table shows the routes in force. They are written in yagura.yaml; implicit ones follow from the channels of the teams and of the central team.\nAn account without a team goes to the central channel whatever its severity.',
  'help.delivery':
    'Every message is written to the outbox together with the finding, so none is lost when the program stops.\n- Queued: waits for its turn; Slack takes one message a second and channel.\n- Sending: its outcome is not known yet.\n- Sent: has reached the destination.\n- Covered: a later message of the same finding says it too.\n- Parked: given up after many tries. Mend the cause, select it and send it again.',
} as const;
