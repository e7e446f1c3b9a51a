import { benchCheckout } from './checkout.ts';
console.table(await benchCheckout());
