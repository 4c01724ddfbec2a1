// The entry of the page's third script: sharing, watching, presenting and following. See shared.ts.
import { Here } from "./audience";
import { listenToPresenter } from "./following";
import { listenToMe } from "./presenting";
import { Share } from "./share";
import { Line, listenToRight, Notice } from "./watching";

listenToPresenter();
listenToMe();
listenToRight();
globalThis.netsplit.company = { Line, Here, Notice, Share };
