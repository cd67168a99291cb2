import { withBase } from 'vitepress'
import { defineComponent, h, onBeforeUnmount, ref } from 'vue'

/**
 * A view of the playground in a frame, in which the reader's browser runs trials: `<LiveFigure view="figure/well"
 * title="..." />`. The frame is as high as its content, and has a content security policy of its own. What stands
 * between the tags is for readers of the file: forges show it instead.
 */
export const LiveFigure = defineComponent({
  props: { view: { type: String, required: true }, title: { type: String, required: true } },
  setup({ view, title }) {
    const frame = ref<HTMLIFrameElement>()
    let observer: ResizeObserver | undefined
    const watch = (): void => {
      const body = frame.value?.contentDocument?.body
      if (body === undefined) return
      observer?.disconnect()
      observer = new ResizeObserver(() => {
        if (frame.value !== undefined) frame.value.style.height = `${body.offsetHeight}px`
      })
      observer.observe(body)
    }
    onBeforeUnmount(() => observer?.disconnect())
    return () =>
      h('iframe', {
        ref: frame,
        class: 'live-figure',
        src: `${withBase('/play/index.html')}#/${view}`,
        title,
        loading: 'lazy',
        onLoad: watch,
      })
  },
})
