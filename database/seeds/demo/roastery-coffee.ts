import type { Hex } from './illustrations/colour.ts';
import { PETROL, MARIGOLD, PERSIMMON, CHALK, MULBERRY } from './palettes.ts';
import { option, picture, product } from './shop-language.ts';
import type { ProductNote } from './shop-language.ts';
import type { DemoProduct } from './shop.ts';

const KRAFT: Hex = '#e6d8c0';
const INK: Hex = '#2b2a33';

const grind = option('Grind', 'Whole bean', 'Espresso', 'Moka pot', 'Filter', 'Plunger');

/** Coffee by the bag: the price is for 250 g. */
function bag(note: Omit<ProductNote, 'category' | 'options' | 'weightGrams' | 'size'>): DemoProduct {
  const half = Math.round((note.price * 1.85) / 50) * 50;
  const kilo = Math.round((note.price * 3.5) / 50) * 50;
  return product({
    ...note,
    category: 'coffee',
    weightGrams: 280,
    size: [190, 110, 80],
    options: [
      option('Bag', '250 g', ['500 g', half - note.price, 255], ['1 kg', kilo - note.price, 770]),
      grind,
    ],
  });
}

export const coffee = [
  bag({
    slug: 'lantern-house-espresso',
    name: 'Lantern house espresso',
    about: [
      'The blend we have drunk every morning since the first roaster was lit: Brazil for body, Colombia for sweetness, a little Ethiopia for the top.',
      'Dark chocolate, toasted hazelnut, orange peel. Steady in milk, generous as a short black.',
    ],
    tags: ['espresso', 'blend'],
    sku: 'SL-LANT',
    price: 1800,
    stock: { each: 60 },
    pictures: [
      picture('bag-lantern', [PETROL, KRAFT, PERSIMMON], 'A bag of coffee with a lantern on its label'),
      picture('beans', [PETROL, KRAFT, '#6b3a1f'], 'A bowl of roasted coffee beans'),
    ],
  }),
  bag({
    slug: 'night-ferry-dark-roast',
    name: 'Night ferry dark roast',
    about: [
      'Roasted slowly to the edge of the second crack for those who like it heavy. Cocoa, molasses, a whiff of smoke.',
      'Made for moka pots and long nights.',
    ],
    tags: ['espresso', 'blend', 'dark'],
    sku: 'SL-NIGH',
    price: 1750,
    stock: { each: 48, except: { '1 kg / Moka pot': 2 } },
    pictures: [
      picture(
        'bag-moon',
        [MARIGOLD, INK, KRAFT],
        'A black bag of coffee with a moon over water on its label',
      ),
      picture('beans', [MARIGOLD, INK, '#43230f'], 'A dark bowl of dark roasted beans'),
    ],
  }),
  bag({
    slug: 'first-light-filter',
    name: 'First light filter',
    about: [
      'A bright, easy blend of washed coffees for filter and batch brew. Apricot, black tea, honey, and no sharp corners.',
    ],
    tags: ['filter', 'blend', 'light'],
    sku: 'SL-FIRS',
    price: 1900,
    stock: { each: 44 },
    pictures: [
      picture('bag-sunrise', [MULBERRY, KRAFT, MARIGOLD], 'A bag of coffee with a rising sun on its label'),
    ],
  }),
  bag({
    slug: 'guji-natural-ethiopia',
    name: 'Guji natural, Ethiopia',
    about: [
      'Dried whole on raised beds at 2,100 metres. Strawberry, rose hip and cocoa nib, more fruit than you expect of a bean.',
    ],
    tags: ['filter', 'single origin', 'light'],
    sku: 'SL-GUJI',
    price: 2400,
    stock: { each: 26, except: { '1 kg / Plunger': 0, '1 kg / Moka pot': 0 } },
    pictures: [
      picture(
        'bag-bloom',
        [PETROL, PERSIMMON, '#f0e4cf'],
        'An orange bag of coffee with a coffee blossom on its label',
      ),
    ],
  }),
  bag({
    slug: 'huila-washed-colombia',
    name: 'Huila washed, Colombia',
    about: [
      'From eleven small farms above the Magdalena. Red apple, caramel and a clean finish; at home in every brewer.',
    ],
    tags: ['filter', 'espresso', 'single origin'],
    sku: 'SL-HUIL',
    price: 2200,
    stock: { each: 36 },
    pictures: [
      picture('bag-river', [CHALK, PETROL, MARIGOLD], 'A green bag of coffee with a river on its label'),
    ],
  }),
  bag({
    slug: 'kirinyaga-peaberry-kenya',
    name: 'Kirinyaga peaberry, Kenya',
    about: [
      'Small round beans from the slopes of the mountain. Blackcurrant, grapefruit and brown sugar, loud and clear.',
    ],
    tags: ['filter', 'single origin', 'light'],
    sku: 'SL-KIRI',
    price: 2600,
    compareAt: 2900,
    stock: { each: 18 },
    pictures: [
      picture('bag-ridge', [PERSIMMON, KRAFT, PETROL], 'A bag of coffee with a mountain ridge on its label'),
    ],
  }),
  bag({
    slug: 'still-water-decaf',
    name: 'Still water decaf',
    about: [
      'Decaffeinated with mountain water and nothing else, then roasted like any other good coffee. Milk chocolate, walnut, a calm evening.',
    ],
    tags: ['espresso', 'filter', 'decaf'],
    sku: 'SL-STIL',
    price: 2000,
    stock: { each: 30 },
    pictures: [
      picture(
        'bag-drop',
        [MARIGOLD, '#f0e9dc', '#7d9fa8'],
        'A white bag of coffee with a drop of water on its label',
      ),
    ],
  }),
  product({
    slug: 'three-bag-tasting-box',
    name: 'Three-bag tasting box',
    about: [
      'Three bags of 150 g, roasted this week and chosen so that no two taste alike. A card tells you what to look for.',
    ],
    category: 'coffee',
    tags: ['gift', 'filter', 'espresso'],
    sku: 'SL-TAST',
    price: 3900,
    weightGrams: 640,
    size: [240, 160, 110],
    options: [option('Roast', 'Espresso roasts', 'Filter roasts')],
    stock: { each: 22 },
    pictures: [
      picture('tasting-box', [CHALK, '#b98f5f', PERSIMMON], 'A carton with three small bags of coffee'),
    ],
  }),
];
