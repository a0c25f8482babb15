/**
 * Key of the step 吹哨 in workflows that have one: the way into it is blowing a whistle. Where every case begins there
 * (网格吹哨), blowing one is the community's answer (社区响应), which leads to the step after it.
 */
export const WHISTLED_STEP = "whistled";
