// A flyer as a secretary would send it: a picture, drawn by the browser.

/** The PNG of a flyer for something that is held on this day. */
export async function flyer(browser, title, day) {
  const context = await browser.context({ viewport: { width: 600, height: 848 } });
  const page = await context.newPage();
  await page.setContent(`<html lang="ja"><body style="margin:0;padding:48px;background:#f2eefb;font-family:sans-serif;color:#2c2450">
    <h1 style="font-size:56px;line-height:1.3">${title}</h1><p style="font-size:34px;background:#5b4b9a;color:#fff;padding:18px">${day} 18:30</p>
    <p style="font-size:28px">市民会館 大会議室<br>定員30名・参加無料</p></body></html>`);
  const png = await page.screenshot();
  await context.close();
  return png;
}
