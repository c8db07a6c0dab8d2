# What members read, in English. A city replaces any of these in a file of its own; what it does not say stays as here.
# Words that are typed (words-…) are separated by commas.

## Words that can be typed at any time

words-help = help, how to, ?
words-rules = rules
words-join = join, start
words-consult = ask, consult, 相談
words-faq = faq, questions, よくある質問
words-resolved = resolved, solved, 解決した
words-submit = post, submit, 投稿
words-posts = my posts, 自分の投稿
words-mine = my page, settings, マイページ
words-invite = invitation code, invitation, 招待コード
words-leave = leave, 退会
words-cancel = cancel, back, やめる
# These count only where exactly that was asked.
words-accept = agree, I agree, I accept, accept, agree and join, 同意する
words-accept-yes = yes, OK, join
words-yes = yes, はい
words-no = no, いいえ
# When the reason for withdrawing a post is asked for, these alone mean that it stays.
words-keep = cancel, back, やめる
words-skip = skip, next, none, スキップ, 次へ

## Buttons (20 characters at most)

button-accept = Agree and join
button-later = Later
button-help = Help
button-consult = Ask the centre
button-submit = Write a post
button-posts = My posts
button-faq = FAQ
button-read-answer = Read the answer
button-more-faq = More questions
button-mine = My page
button-invite = Become a submitter
button-rules = See the rules
button-skip = Skip
button-skip-all = The rest later
button-done = Done
button-cancel = Cancel
button-back = Back to the preview
button-topics-all = Receive everything
button-profession = Change profession
button-organisation = Change organisation
button-area = Change area
button-topics = Change topics
button-clear-profession = Erase profession
button-clear-organisation = Erase organisation
button-clear-area = Erase area
button-leave = Leave and erase
button-leave-yes = Yes, erase it all
button-resolved = Resolved
button-more-topics = More topics
button-send-consultation = Send as a question
button-drop = Delete it
button-continue = Continue
button-new = Start afresh
button-more-categories = More categories
button-pick-date = Pick a date
button-date-as-read = Take this date
button-pick-time = Pick a time
button-online = Online
button-free = Free of charge
button-pictures = Choose a picture
button-no-attachments = Remove all files
button-alt-proposal = Use this text
button-hand-in = Submit
button-checked = Nobody is shown
button-edit = Change something
button-discard = Delete the draft
button-show = Show it
button-mend = Mend and resubmit
button-withdraw = Withdraw
# What stands on the bar that opens the menu (14 characters at most).
menu-bar = Menu
button-old = This button does not work any more. Type "help" to see what you can do here.

## The rule

rule-line = 🔒 Please write no names, addresses or telephone numbers of patients, users or their families.
rules =
    ■ Rules
    1. We send no personal information of patients, users or their families: no names, addresses, telephone numbers, other numbers, or pictures of faces.
    2. Questions and answers are kept as records of the centre. Only its staff can see them.
    3. In an emergency we call 119 or the physician, and do not use this account.

    To join, tap "Agree and join", or type it.
rules-first = Please look at the rules first.
rules-new = The rules have changed. Please look at them before you go on.
rules-later = That is fine. Type "join" when you want to join.
rules-accepted-again = Thank you. You can go on now.

## Joining and the profile

greeting =
    This is { $centre }. Thank you for adding us.
    We send news on training and initiatives to professionals in home care, and we answer their questions.
welcome-back = This is { $centre }. Welcome back: your registration is still here.
joined =
    You are registered and will receive our news.
    Four short questions follow. All are optional, and you can change the answers later.
joined-with-question = You are registered and will receive our news. You can add your profession on "My page", if you like.
joined-before = You are registered already.
profile-profession = What is your profession? You can also write it yourself. (1/4)
profile-profession-which = Which of "{ $group }" is it?
profile-organisation = Where do you work (the name of your office)? Your own name is not needed. (2/4)
profile-area = In which area do you mostly work? (3/4)
profile-topics =
    What would you like to receive? Each tap adds or removes a topic. Tap "Done" at the end.
    What concerns everybody reaches you whatever you choose.
    Chosen now: { $chosen }
topics-all = everything
profile-too-long = Please write one line of at most { $max } characters.
profile-done = Thank you. You can see, change and erase this on "My page" at any time.
personal-refused =
    We did not take this, because a part of it looks like personal information ({ $kinds }).
    Please write it again without that part.

## Consultations

choices-typed = (or type its number or its words)
choices-typed-or = (or type its number or its words; { $words } can be typed, too)
choices-words = (or type { $words })
choices-unknown = That is not on the list. Please choose again.
choices-word = {"\""}{ $word }{"\""}

consult-rule =
    ■ Before you ask
    🔒 Please write no names, addresses or telephone numbers of patients, users or their families.
    "A person in their eighties" or "somebody in A town" is enough. We cannot take pictures or files.
consult-not-open =
    We are sorry: consultations are not open yet.
    Please call the centre if it is urgent.
consult-not-open-dropped =
    We are sorry: consultations are not open yet, and we did not keep your message.
    Please call the centre if it is urgent.
consult-not-open-kept =
    We are sorry: consultations are not open yet, so it cannot go out. We are still holding your text.
    Please call the centre if it is urgent.
consult-ask = What is your question? You can choose a topic first, if you like.
consult-continue = A question of yours is open. Just write on: it reaches the centre.
consult-topics = Choose a topic, if you like, or simply write.
consult-topic-chosen = About "{ $topic }": what is your question?
consult-words = What is your question?
consult-empty = There seems to be no text. What is your question?
consult-received =
    We have your question. Our staff will answer in this chat.
    If you want to add something, just write on.
consult-joined = Added to your open question.
consult-closed = The centre is closed now. We will answer from { $until }. If it is urgent, call the physician or 119.
consult-masked =
    A part of it may be personal information ({ $kinds }), so we kept it blacked out as ██ and did not keep the original. Your question has arrived.
    Please remove it from your chat too: press the message long, then "Unsend".
    What we kept of it goes with it, so please write it here once more, without the personal part.
consult-answer =
    ■ The centre's answer
    { $answer }

    To ask more, just write on. When it is resolved, type "resolved".
    🔒 Please write no personal information.
consult-resolved = Your question is closed. Type "ask" whenever there is something new.
consult-silent = Your question was closed because nothing was written for a while. To go on, just write.
consult-rate = Did this help you? One tap below tells us, if you like.
consult-rated = Thank you. It helps us do better.
consult-referred-on = We are asking a professional body about your question, without your name. The answer will come from the centre.
consult-referral =
    ■ A question from the centre
    { $summary }

    Please tell the centre what you know, by telephone for instance. It names nobody.
consult-none-open = You have no open question.
free-offer =
    Your text has not gone to the centre yet; we are holding it for you.
    Shall we send it as a question?
free-masked =
    A part of it may be personal information ({ $kinds }), so we kept it blacked out as ██ and did not keep the original.
    Please remove it from your chat too: press the message long, then "Unsend".
    What we kept of it goes with it, so please write it once more, without the personal part.
free-dropped = Deleted. Nothing was sent to the centre.
free-full = We can hold no more texts. Please send them as a question or delete them first.
consult-media-held =
    We hold it. Until one of us has made sure that no person can be recognised, nobody else sees it.
    If a face or a name is in it, please take it back now by "Unsend".
consult-media-removed =
    Somebody could be recognised in what you sent, so we removed it and kept nothing.
    Please remove it from your own chat by "Unsend", too, and write what you need without personal information.
consult-media-personal =
    The file holds what looks like personal information ({ $kinds }). We did not take it, and kept nothing of it.
    Please remove it from your own chat by "Unsend", too, and write what you need without personal information.
consult-media-kind = In a consultation we take pictures (JPEG, PNG) and PDF files up to 10 MB only. Please write what you need.
media-refused =
    We cannot take pictures, files or voice messages: personal information in them could not be taken back. We neither opened nor kept it.
    Please write it as text. You can remove it from your chat with "Unsend".
media-for-posts =
    We take flyers while you write a post. Type "post" to begin one, then send it again.
    We neither opened nor kept this one. Please put questions into words.
location-refused = We cannot take places, and did not keep it. If it matters, write "A town" or the like.
sticker-thanks = Thank you for the sticker. Type "help" to see what you can do here.
sticker-go-on = Thank you for the sticker. Please go on where we were.

## Frequently asked questions

faq-alt = Frequently asked questions
faq-topics = Frequently asked questions. Choose what you would like to know about.
faq-none = There are no frequently asked questions yet. You can ask the centre at any time.
faq-gone = This question is not published any more.
faq-answer =
    ■ Question
    { $question }

    ■ Answer
    { $answer }

    (As of { $at })

## Handing in a post

submit-for-submitters =
    Posts are for those who are registered as submitters of a professional body.
    Please send the code that the centre gave you, such as "invitation code ABCDE-FGHJK".
submit-begin = Let us write a post, one question after the other. If you stop, the draft stays.
submit-parked = There is a draft that you began.
submit-category = Which category?
submit-title = The title, at most { $max } characters.
submit-body = The text, at most { $max } characters.
submit-date =
    The date of the event; you can add the time.
    Example: 10月5日(月) 18:30〜20:00
submit-time = The time. Example: 18:30〜20:00
submit-venue = The place. If it is online, write "Online (Zoom)" or the like.
submit-capacity = How many people can come? Example: 30
submit-apply-by = Until when can people apply? Example: 9月30日(水)
submit-fee = What does it cost? Example: 500円
submit-contact = Whom can people ask? Please give an office, not a private mobile telephone.
submit-hosts = Co-hosts and patrons.
submit-no-attachments = This account cannot deliver pictures and PDFs yet. Please put what the flyer says into the text, and a page with more into the link.
submit-attachments-off = This account cannot deliver pictures and PDFs yet, so we took them off. Please put what the flyer says into the text, and a page with more into the link.
submit-attachment =
    Send a picture (JPEG, PNG) or a PDF, up to { $max } of them.
    Please make sure that no faces, names or private contacts are on it.
submit-attachment-words = Please send a picture or a PDF, or type "skip".
submit-alt =
    For those who cannot see it: what does it say, in one line?
    Proposal: { $proposal }
submit-alt-proposal = Flyer for "{ $title }". It says the same as the text.
submit-link = The address of a page with more, beginning with https://
submit-link-problem = Please write one address that begins with https://
submit-capacity-problem = Please write the number of people in figures, such as 30.
submit-date-problem =
    Please check the date and time.
    { $problems }
submit-date-partly =
    We read "{ $read }". If that is right, choose "Take this date"; otherwise write it again.
    Other days or hours that you wrote are not taken: please put them into the text.
submit-apply-by-late = The deadline is after the day of the event. Please write a day up to then.
submit-needed = { $field } cannot be left out.
field-alt = The words for the picture
submit-too-long = At most { $max } characters, please (now { $length }).
submit-masked =
    We did not take this, because a part looks like personal information ({ $kinds }). Please use what the body or its office makes public, and write it again.
    You can remove it from your chat with "Unsend".
    ――
    { $text }
submit-choose = Please choose one of these.
submit-preview = This is what members will receive.
submit-ready = If this is right, tap "Submit". The centre looks at it before it goes out.
submit-ready-hints =
    You can submit it. Please look at this first:
    { $hints }
submit-not-ready =
    It cannot be submitted yet. Please mend this with "Change something":
    { $hints }
submit-blocked = ・{ $field }: it seems to hold personal information ({ $kind }).
submit-warned = ・{ $field }: it holds this: { $kind }. Please make sure that it may be made public.
submit-problem = ・{ $field }: { $sentence }
submit-which = Which part?
submit-discarded = The draft is deleted.
submit-done =
    "{ $title }" is submitted. The centre looks at it and tells you in this chat.
    "My posts" shows how it stands.
attachment-taken = We have it.
attachment-early = We have the file. We will ask for its words later.
attachment-full = There can be { $max } files at most. We did not take this one. To exchange them, choose "Remove all files".
attachment-name = picture
attachment-too-large = The file is too large. At most 10 MB, please.
attachment-gone = We could not get the file. Please send it again.
attachment-personal =
    The PDF holds what looks like personal information ({ $kinds }). We did not take it, and kept nothing of it.
    Send a PDF without it, or go on without one. You can take it back in your own chat by "Unsend".
attachment-kind = We can take pictures (JPEG, PNG) and PDFs only.

## One's own posts

posts-none = You have no posts yet.
posts-alt = My posts
posts-changed = Changed: { $at }
posts-state = It stands at: { $state }
posts-not-editable = This post stands at "{ $state }" and cannot be changed.
post-whole = the whole
mend-comment =
    The centre's comment ({ $field }):
    { $comment }
withdraw-ask = You are withdrawing "{ $title }". Why?
withdraw-usual-reason = For reasons of ours
withdraw-done = "{ $title }" is withdrawn.
post-taken = The centre is looking at "{ $title }".
post-returned =
    "{ $title }" came back to you.
    To mend: { $field }
    { $comment }
    Mend it in "My posts" and submit it again.
post-rejected =
    "{ $title }" will not be sent.
    Reason: { $reason }
post-approved = "{ $title }" is approved.
post-scheduled = "{ $title }" will be sent on { $at }.
post-withdrawn =
    "{ $title }" was withdrawn.
    Reason: { $reason }
post-unscheduled = "{ $title }" was taken off the schedule for now. You will be told the new time.
post-expired = "{ $title }" was not sent: when its time came, the event had begun or the notice was out of date. Please ask the centre.
post-altered = "{ $title }" was not sent: it did not match what had been approved. The centre is looking into it.
post-incomplete = "{ $title }" could not be delivered to everybody. The centre is looking into it.
post-failed = "{ $title }" could not be delivered. The centre is looking into it.
post-nobody = "{ $title }" reached nobody: there is no one in its audience. Please ask the centre.
post-cancelled = The centre called off the sending of "{ $title }" while it went; some people have not got it. Please ask the centre.
post-sent = "{ $title }" was sent to { $recipients } people.

## A post as members see it

mark-test = {"[TEST] "}
mark-drill = {"[DRILL] "}
mark-correction = {"[CORRECTION] "}
row-sender = From
row-date = When
row-place = Where
row-online = Online
row-people = { $count } people
post-open-link = Open the page
post-open-file = { $kind }: { $name }
kind-pdf = PDF
kind-picture = Picture
kind-file = File
post-picture = The picture: { $alt }

## What is held

mine =
    ■ What we hold about you
    Your number: { $number }
    Profession: { $profession }
    Organisation: { $organisation }
    Area: { $area }
    You receive: { $topics }
    You submit for: { $body }
    Added: { $joined }
    Rules accepted: { $consent } (version { $version })
    Questions: { $consultations }
    Posts: { $posts }
    Deliveries received: { $deliveries }

    We keep neither your LINE name nor your picture. You can change and erase this at any time.
mine-none = none
leave-ask =
    If you leave, your registration and the records of your questions are erased, and our news stops. This cannot be undone.
    If you are sure, choose "Yes, erase it all"; to stay, choose "Cancel".
left =
    Your registration and records are erased. Thank you for having been with us.
    If you do not want to see this account, please block it too. Type "join" to join again.

## Submitters

invite-ask =
    Please send the code that the centre gave you.
    Example: invitation code ABCDE-FGHJK
invite-malformed = This does not look like a code. It has ten characters, such as "ABCDE-FGHJK".
invite-done = You are a submitter of "{ $body }" now. Begin with "Write a post".

code-unknown = We do not know this code. Please check what you typed.
code-used = This code has been used. Please ask the centre for a new one.
code-expired = This code is too old. Please ask the centre for a new one.
code-revoked = This code does not serve any more. Please ask the centre.
link-done =
    This LINE account is linked to the staff account of { $name } now. Tests, and reminders of posts that wait for you, will arrive here.
    What you write here stays a member's question or post. Please do your staff work in the console.
link-expired = This code is too old. Please make a new one in the console, under your own account.
link-linked = This LINE account or the staff account is linked already. To change it, please undo the link in the console first.
link-inactive = This staff account is not in use. Please ask an administrator.
step-reminder = A post (number { $number }) waits for you to check or approve it. Please open the list of things to do in the console. You can stop these reminders there, under your own account.
link-undone =
    This LINE account is not linked to a staff account any more. No tests and reminders will arrive. You are still a member.
    If you did not expect this, please tell an administrator.

code-too-many = Several codes did not match, so we take none for a while. Please try again in an hour or so.

## What does not fit

problem-no-title = please write a title.
problem-long-title = at most 60 characters, please.
problem-broken-title = one line only, please.
problem-no-body = please write the text.
problem-long-body = at most 2,000 characters, please.
problem-many-attachments = three at most, please.
problem-wordless-attachment = it needs words that say what is in it.
problem-unchecked-attachment = Make sure that no face, name or contact of a person can be seen, then choose "Nobody is shown".
problem-unserved-attachment = this account cannot deliver files yet. Please remove them.
problem-bad-link = one address that begins with https://, of at most 1,000 characters, please.
problem-no-date = please write the day of the event.
problem-long-line = at most 200 characters, please.
problem-ends-before-start = the end must be later than the beginning.
problem-no-seats = at least one person, please.
problem-late-deadline = a day up to that of the event, please.
problem-past = it is over. Please choose a time to come.
problem-deadline-past = it is over. Please choose a day to come, or leave it out.
problem-expired = The event, or the time for which this was meant, is over.
date-weekday = { $date } is a { $actual } and not a { $written }.
date-era = It is { $actual } and not { $written }.
date-none = We could not read a date. Please write it like 10月5日 or 2026-10-05.
date-no-day = There is no such day (month { $month }, day { $day }).
date-no-time = We could not read a time. Please write it like 14:00.
date-past = { $date } is over.
refused-post-now = This cannot be done as the post stands. "My posts" shows how it stands.
refused-edited = It was changed after you looked at it. Please open it again from "My posts".
refused-reason = Please write a reason.
refused-personal = It seems to hold personal information. Please mend that before you submit.
refused-revisions = It was changed as often as it may be. Please write a new post.
refused-drafts = You have too many posts in the making. Please withdraw some in "My posts".
refused-long = At most { $max } characters, please.
refused-consultation-now = This cannot be done with this question now.
refused-window = It was closed too long ago. Please type "ask" and begin a new one.
refused-full = This question holds as many messages as it can. Please type "resolved" and begin a new one.

## Categories

category-training = Training
category-initiative = Initiative
category-resource = Resource
category-vacancy = Vacancies
category-case-study = Case study
category-networking = Networking
category-notice = Notice
category-safety-alert = Safety alert
category-infection = Infection
category-emergency = Emergency
category-survey = Survey
category-form-update = Form update
category-meeting = Meeting
category-contact-change = Contact change
category-other = Other

## Whether it helped

rating-good = 😊 It helped
rating-fair = So-so
rating-poor = It did not

## Topics of consultations

topic-resources = Local resources
topic-discharge = Hospital admission and discharge
topic-find-physician = Finding a physician
topic-home-services = Home-visit services
topic-medication = Medication
topic-oral = Oral care
topic-nutrition = Nutrition and swallowing
topic-rehab-equipment = Rehabilitation and equipment
topic-dementia = Dementia
topic-end-of-life = End of life, advance care planning
topic-no-relatives = People without relatives
topic-procedures = Systems and procedures
topic-coordination = Coordination between professions
topic-training-help = Training and lecturers
topic-privacy = Handling personal information
topic-how-to = How to use this account
topic-feedback = Opinions and complaints
topic-other = Other

## Fields of a post

field-category = Category
field-title = Title
field-body = Body
field-date = Date
field-time = Time
field-venue = Venue
field-capacity = Capacity
field-apply-by = Apply by
field-fee = Fee
field-contact = Contact
field-hosts = Hosts
field-attachment = Attachment
field-link = Link

## States of a post

state-draft = Draft
state-submitted = Submitted
state-in-review = In review
state-returned = Returned
state-rejected = Rejected
state-withdrawn = Withdrawn
state-approved = Approved
state-scheduled = Scheduled
state-sending = Sending
state-sent = Sent
state-failed = Failed

## Kinds of personal information

kind-person-name = a person's name
kind-professional-name = a professional's name
kind-phone = phone number
kind-email = e-mail address
kind-address = address
kind-postal-code = postal code
kind-birth-date = date of birth
kind-my-number = individual number
kind-care-insurance-no = care insurance number
kind-health-insurance-no = health insurance number
kind-late-elderly-no = late-stage elderly insurance number
kind-public-expense-no = public expense number
kind-pension-no = pension number
kind-drivers-license-no = driver's licence number
kind-passport-no = passport number
kind-residence-card-no = residence card number
kind-resident-code = resident record code
kind-bank-account = bank account
kind-card-no = card number
kind-social-id = account of a social network
kind-patient-id = patient's number
kind-car-plate = number plate
kind-city-word = a word that the city keeps out
kind-age = age
kind-org-name = organisation
kind-org-phone = organisation's phone number
kind-org-email = organisation's e-mail address
kind-org-address = organisation's address
kind-org-postal = organisation's postal code
kind-org-url = organisation's web address
kind-org-id = organisation's number

## Other

help =
    ■ Help ({ $centre })
    Everything can be tapped or typed.
    ・ask … ask the centre
    ・resolved … close your question
    ・faq … what others asked, and the answers
    ・my page … see, change, erase what we hold
    ・rules … see the rules
    ・invitation … become a submitter
    ・cancel … stop what you are doing
    ・leave … erase your registration
help-submitter =
    Submitters can also type:
    ・post … write and submit a post
    ・my posts … see, mend, withdraw
cancelled = All right. We are here whenever you need us.
cancelled-draft = All right. Your draft is kept. To go on, type "post".
cancelled-mending = All right. What you changed is kept. To go on, type "my posts".
cancelled-withdrawing = All right. The post stays as it is.
not-found = We did not find it. It may be gone or finished.
not-allowed = You cannot do this.
failed = Sorry, we could not handle your message. Please try again a little later.
