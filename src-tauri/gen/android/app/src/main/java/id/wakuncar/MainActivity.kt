package id.wakuncar

import android.os.Bundle
import android.view.View
import android.view.WindowManager
import androidx.activity.enableEdgeToEdge
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat

/** The one screen of the phone: the page of the ui. Nothing is decided here. */
class MainActivity : TauriActivity() {
  override fun onCreate(savedInstanceState: Bundle?) {
    enableEdgeToEdge()
    // Names and NIK of families: not in screenshots, not in the list of recent apps, not on a shared screen.
    window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
    super.onCreate(savedInstanceState)
    keepClear(findViewById(android.R.id.content))
  }

  /**
   * Keeps the page clear of bars and keyboard. Edge to edge, Android 11 and later no longer make the page smaller for
   * the keyboard, which would cover the very field that is typed in (tauri#7868, tauri#10631).
   */
  private fun keepClear(content: View) {
    ViewCompat.setOnApplyWindowInsetsListener(content) { view, insets ->
      val bars = WindowInsetsCompat.Type.systemBars() or WindowInsetsCompat.Type.displayCutout()
      val clear = insets.getInsets(bars or WindowInsetsCompat.Type.ime())
      view.setPadding(clear.left, clear.top, clear.right, clear.bottom)
      WindowInsetsCompat.CONSUMED
    }
  }
}
