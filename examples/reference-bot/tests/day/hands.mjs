// Three ways to use a page: with a mouse, with a finger, and by the keyboard alone.

/** With a mouse. */
export class Mouse {
  constructor(page) {
    this.page = page;
  }

  /** A page came. */
  async arrives() {}

  press(target) {
    return target.click();
  }

  write(field, text) {
    return field.fill(text);
  }

  choose(select, label) {
    return select.selectOption({ label });
  }

  tick(box) {
    return box.check();
  }
}

/** With a finger. */
export class Finger extends Mouse {
  press(target) {
    return target.tap();
  }
}

/** By the keyboard alone: whoever is here sees at each step where they are. */
export class Keyboard extends Mouse {
  async arrives() {
    this.fresh = true;
  }

  key(name) {
    return this.page.keyboard.press(name);
  }

  /** Letters that lead somewhere, one after the other. */
  async letters(...names) {
    for (const name of names) await this.key(name);
    this.fresh = false;
  }

  /** Goes on with Tab until this has the focus; over the skip link where it stands in the main part. */
  async reach(target) {
    const node = await target.elementHandle();
    if (this.fresh && (await node.evaluate((node) => document.getElementById("main").contains(node)))) {
      await this.key("Tab");
      await this.key("Enter");
    }
    this.fresh = false;
    for (let stops = 0; stops < 400; stops += 1) {
      const [here, seen, what] = await node.evaluate(async (wanted) => {
        const focused = document.activeElement;
        const visible = () => {
          const { outlineStyle, outlineWidth } = getComputedStyle(focused);
          const { top, bottom, width } = focused.getBoundingClientRect();
          const ring = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
          return (ring && width > 0 && bottom > 0 && top < innerHeight) || ["BODY", "MAIN"].includes(focused.tagName);
        };
        // The page may have to move there first.
        for (let frame = 0; frame < 120 && !visible(); frame += 1) await new Promise(requestAnimationFrame);
        return [focused === wanted, visible(), focused.outerHTML.slice(0, 200)];
      });
      if (!seen) throw new Error(`the focus cannot be seen at ${what}`);
      if (here) return;
      await this.key("Tab");
    }
    throw new Error(`Tab never comes to ${await target.evaluate((node) => node.outerHTML.slice(0, 200))}`);
  }

  async press(target) {
    await this.reach(target);
    await this.key("Enter");
  }

  async write(field, text) {
    await this.reach(field);
    const type = await field.getAttribute("type");
    if (type === "date" || type === "time") {
      // A part after the other, in the order of the browser's own language; Debian's Chromium speaks English.
      const [year, month, day] = text.split("-");
      const [hour, minute] = text.split(":");
      const parts = type === "date" ? [month, day, year] : [String(hour % 12 || 12), minute, hour < 12 ? "AM" : "PM"];
      for (const part of parts) await this.page.keyboard.type(part);
      if ((await field.inputValue()) !== text) throw new Error(`typed ${text}, and there is ${await field.inputValue()}`);
      return;
    }
    await this.key("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
  }

  async choose(select, label) {
    await this.reach(select);
    const steps = await select.evaluate((node, label) => [...node.options].findIndex((option) => option.label === label) - node.selectedIndex, label);
    for (let step = 0; step < Math.abs(steps); step += 1) await this.key(steps > 0 ? "ArrowDown" : "ArrowUp");
  }

  async tick(box) {
    if ((await box.getAttribute("type")) === "radio") {
      const name = await box.getAttribute("name");
      await this.reach(this.page.locator(`input[name="${name}"]:checked`));
      for (let step = 0; step < 20 && !(await box.isChecked()); step += 1) await this.key("ArrowDown");
    } else {
      await this.reach(box);
      await this.key("Space");
    }
  }
}
